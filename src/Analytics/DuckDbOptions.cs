namespace StockActors.Analytics;

/// <summary>What <see cref="DuckDbEngine"/> may use of the machine, over all queries that run at a time.</summary>
public sealed record DuckDbOptions
{
    /// <summary>Memory in bytes; <c>null</c> is DuckDB's own default, 80 % of the machine's.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Threads, 1 or more; <c>null</c> is one per core.</summary>
    public int? Threads { get; init; }

    /// <summary>Where a query puts what does not fit into memory; <c>null</c> is nowhere, and such a query fails.</summary>
    public string? SpillDirectory { get; init; }
}
