using Akka;
using Akka.Streams.Dsl;
using Confluent.Kafka;

namespace StockActors.Pipeline.Dsl;

/// <summary>A partition that a consumer was assigned.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Source">What it holds, from where it was told to start; completes when it is given up or the consumer stops. Materialize it once.</param>
public sealed record PartitionSource<T>(TopicPartition Partition, Source<T, NotUsed> Source);
