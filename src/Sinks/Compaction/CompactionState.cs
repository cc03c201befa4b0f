namespace StockActors.Sinks.Compaction;

/// <summary>How far a partition's compaction is.</summary>
public enum CompactionState
{
    /// <summary>This pass has rewritten the partition and switched it to its new location.</summary>
    Switched,

    /// <summary>It was in its new location already.</summary>
    Done,

    /// <summary>A lane has an unfinished epoch, which is left to its owner: a later pass goes on.</summary>
    Waits,
}
