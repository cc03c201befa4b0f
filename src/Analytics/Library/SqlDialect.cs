namespace StockActors.Analytics;

/// <summary>The SQL that an engine reads.</summary>
public enum SqlDialect
{
    /// <summary>DuckDB's.</summary>
    DuckDb,

    /// <summary>That of Athena, engine version 3, which is Trino's.</summary>
    Athena,
}
