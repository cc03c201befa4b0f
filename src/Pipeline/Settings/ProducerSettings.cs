using Confluent.Kafka;

namespace StockActors.Pipeline.Settings;

/// <summary>How records are produced: idempotently, acknowledged by all replicas in sync, keys to partitions as Kafka's Java clients do.</summary>
/// <param name="Kafka">Where to; its properties win over what is set here.</param>
public sealed record ProducerSettings<TKey, TValue>(KafkaSettings Kafka)
{
    /// <summary>How keys are written; <c>null</c> for the types that Confluent.Kafka writes by itself (such as <c>byte[]</c> and <c>string</c>).</summary>
    public ISerializer<TKey>? KeySerializer { get; init; }

    /// <summary>How values are written; <c>null</c> as for <see cref="KeySerializer"/>.</summary>
    public ISerializer<TValue>? ValueSerializer { get; init; }

    /// <summary>
    /// How many records may be in the stage, from their coming in until their result is taken downstream. An envelope of several records is not
    /// split: it goes in while there is room for one. By default as many as librdkafka's own queue holds.
    /// </summary>
    public int MaxInFlight { get; init; } = 100_000;

    /// <summary>How long a record is tried, from when the client has it, before its delivery counts as failed.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromMinutes(2);

    internal ProducerConfig ToConfig() => Kafka.Configure(new ProducerConfig
    {
        EnableIdempotence = true,
        Acks = Acks.All,
        Partitioner = Partitioner.Murmur2Random,
        CompressionType = CompressionType.Lz4,
        LingerMs = 5,
        BatchSize = 1024 * 1024,
        MessageTimeoutMs = (int)DeliveryTimeout.TotalMilliseconds,
        TopicMetadataRefreshIntervalMs = 30_000,
    });
}
