using Confluent.Kafka;

namespace StockActors.Pipeline.Messages;

/// <summary>A record to produce.</summary>
/// <param name="To">The topic, and the partition or <see cref="Partition.Any"/> for the one that its key leads to.</param>
/// <param name="Message">Key, value, and where wanted headers and timestamp.</param>
public sealed record ProducerRecord<TKey, TValue>(TopicPartition To, Message<TKey, TValue> Message)
{
    /// <summary>A record whose key leads to its partition.</summary>
    public ProducerRecord(string topic, TKey key, TValue value)
        : this(new TopicPartition(topic, Partition.Any), new Message<TKey, TValue> { Key = key, Value = value })
    {
    }
}
