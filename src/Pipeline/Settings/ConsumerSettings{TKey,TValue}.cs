using Confluent.Kafka;

namespace StockActors.Pipeline.Settings;

/// <summary>How a consumer reads, and what it makes of keys and values.</summary>
/// <param name="Kafka">Where from.</param>
/// <param name="GroupId">The consumer group.</param>
public sealed record ConsumerSettings<TKey, TValue>(KafkaSettings Kafka, string GroupId) : ConsumerSettings(Kafka, GroupId)
{
    /// <summary>How keys are read; <c>null</c> for the types that Confluent.Kafka reads by itself (such as <c>byte[]</c> and <c>string</c>).</summary>
    public IDeserializer<TKey>? KeyDeserializer { get; init; }

    /// <summary>How values are read; <c>null</c> as for <see cref="KeyDeserializer"/>.</summary>
    public IDeserializer<TValue>? ValueDeserializer { get; init; }
}
