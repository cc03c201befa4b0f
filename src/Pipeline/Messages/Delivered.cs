using Confluent.Kafka;

namespace StockActors.Pipeline.Messages;

/// <summary>A record that the log has acknowledged.</summary>
/// <param name="Record">The record.</param>
/// <param name="Partition">The partition it was written to.</param>
/// <param name="Offset">Its offset there; <see cref="Offset.Unset"/> where the broker was asked not to acknowledge.</param>
/// <param name="Timestamp">Its timestamp, the producer's or the broker's as the topic has it.</param>
public readonly record struct Delivered<TKey, TValue>(ProducerRecord<TKey, TValue> Record, Partition Partition, Offset Offset, Timestamp Timestamp);
