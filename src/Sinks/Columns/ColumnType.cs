namespace StockActors.Sinks.Columns;

/// <summary>What a column is in SQL.</summary>
internal enum ColumnType
{
    /// <summary>BIGINT.</summary>
    BigInt,

    /// <summary>INTEGER.</summary>
    Int,

    /// <summary>DECIMAL(18,9) in 64 bits.</summary>
    Price,

    /// <summary>TIMESTAMP in milliseconds, UTC.</summary>
    Millis,

    /// <summary>BOOLEAN.</summary>
    Bool,

    /// <summary>VARCHAR.</summary>
    Text,
}
