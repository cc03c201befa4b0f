using Confluent.Kafka;

namespace StockActors.Pipeline.Consuming;

/// <summary>Where offsets are committed.</summary>
internal interface IOffsetCommits
{
    /// <summary>Commits how far partitions are done, as far as this consumer still has them; the others are someone else's to commit.</summary>
    /// <exception cref="KafkaException">The group did not take it.</exception>
    Task CommitAsync(IReadOnlyCollection<(PartitionLedger Partition, long Next)> done);
}
