namespace StockActors.Sinks.Columns;

/// <summary>What a column is in SQL.</summary>
internal enum ColumnType
{
    /// <summary>BIGINT that goes on from row to row: times, sequences, ids.</summary>
    Counter,

    /// <summary>BIGINT of which few values come again and again: whole lots.</summary>
    Size,

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
