using Confluent.Kafka;

namespace StockActors.Pipeline.Dsl;

/// <summary>What is known of a partition that a consumer has.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Position">The offset that is to be taken next; <c>null</c> before the first record where the group's own offset is the start.</param>
/// <param name="End">The offset behind the last record, as the last fetch said it; <c>null</c> before the first.</param>
/// <param name="Queued">Records that were fetched and not yet taken.</param>
public sealed record PartitionMetrics(TopicPartition Partition, long? Position, long? End, int Queued)
{
    /// <summary>Offsets in the log that the stream has not been given; <c>null</c> where it is not known.</summary>
    public long? Lag => End - Position is { } lag ? Math.Max(0, lag) : null;
}
