namespace StockActors.Sinks.Compaction;

/// <summary>A partition can't be compacted without an operator's decision: an object that a chain lists is missing or has other rows.</summary>
/// <param name="partition">The partition; it stays as it is.</param>
/// <param name="what">What was found, with its lane and key, and what an operator can do.</param>
public sealed class CompactionStoppedException(TablePartition partition, string what)
    : Exception($"The compaction of {partition} stops: {what}")
{
    /// <summary>The partition; it stays as it is.</summary>
    public TablePartition Partition { get; } = partition;
}
