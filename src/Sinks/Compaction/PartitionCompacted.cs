namespace StockActors.Sinks.Compaction;

/// <summary>What a pass has done with a partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="State">How far it is.</param>
/// <param name="Inputs">How many objects of epochs it had; 0 where it lay in its new location already.</param>
/// <param name="Outputs">How many objects they became.</param>
/// <param name="Rows">How many rows they have.</param>
/// <param name="WaitsFor">What it waits for, where <paramref name="State"/> says that it does.</param>
public sealed record PartitionCompacted(
    TablePartition Partition, CompactionState State, int Inputs, int Outputs, long Rows, string? WaitsFor = null);
