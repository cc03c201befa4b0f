namespace StockActors.Analytics.Jobs;

/// <summary>The result of a slot.</summary>
/// <param name="Attempt">The number of the claim's entry that it was made under; a later result of the slot has a higher one.</param>
/// <param name="Table">The table that it is a partition of; empty where it is a file.</param>
/// <param name="Partition">The partition's keys and values as Hive writes them: <c>dt=2026-01-05/hour=14</c>.</param>
/// <param name="Location">The folder of its objects, which no other attempt has: a key that ends in <c>/</c>.</param>
/// <param name="File">The key of the file that it is copied to; empty where it is a partition.</param>
/// <param name="Objects">Its objects.</param>
public sealed record SlotResult(int Attempt, string Table, string Partition, string Location, string File, IReadOnlyList<ResultObject> Objects)
{
    /// <summary>Bytes of the lake that its query has read, as the engine says; 0 for a report.</summary>
    public long BytesScanned { get; init; }

    /// <summary>What the engine's service asks for that, in US dollars.</summary>
    public decimal Dollars { get; init; }
}
