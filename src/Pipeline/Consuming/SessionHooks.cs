using Confluent.Kafka;

namespace StockActors.Pipeline.Consuming;

/// <summary>What makes one kind of source differ from another.</summary>
/// <param name="ReadingOf">Makes what turns a partition's records into elements, of its ledger and where it starts (<c>null</c> for the group's own offset).</param>
/// <param name="IsTold">Whether the stream tells what is done (<see cref="PartitionLedger"/>).</param>
/// <param name="OffsetsOnAssign">
/// Asked, before anything of newly assigned partitions is read, where each starts, also where there are none; absent, where the group says.
/// </param>
/// <param name="OnRevoke">Told, before partitions are given up, to finish or drop what is in flight.</param>
internal sealed record SessionHooks<T>(
    Func<PartitionLedger, long?, Reading<T>> ReadingOf,
    bool IsTold,
    Func<IReadOnlyList<TopicPartition>, CancellationToken, Task<IReadOnlyList<TopicPartitionOffset>>>? OffsetsOnAssign = null,
    Func<IReadOnlyList<TopicPartition>, Task>? OnRevoke = null);
