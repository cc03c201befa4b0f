namespace StockActors.Analytics;

/// <summary>What a query has cost.</summary>
/// <param name="ScannedBytes">
/// Bytes of the lake that it has read, as its engine says: Athena counts them, DuckDB's are the sizes of the files that the query's filters on partition
/// keys have left, of which it may have skipped columns and row groups.
/// </param>
/// <param name="Dollars">What the service asks for that, in US dollars; 0 on this machine.</param>
/// <param name="IsReused">Whether the rows are an earlier query's.</param>
/// <param name="ExecutionId">The query's name in its engine's own list of queries, where that has one.</param>
public sealed record QueryCost(long ScannedBytes, decimal Dollars = 0, bool IsReused = false, string? ExecutionId = null);
