using Confluent.Kafka;
using StockActors.Pipeline.Clients;
using StockActors.Pipeline.Settings;

namespace StockActors.Pipeline.Consuming;

/// <summary>Makes Confluent.Kafka's records, straight from the client's memory.</summary>
internal sealed class RecordReader<TKey, TValue>(ConsumerSettings<TKey, TValue> settings)
{
    private readonly IDeserializer<TKey> _keys = settings.KeyDeserializer ?? DefaultSerialization.ReaderOf<TKey>();
    private readonly IDeserializer<TValue> _values = settings.ValueDeserializer ?? DefaultSerialization.ReaderOf<TValue>();

    /// <exception cref="LogException">Key or value is not of its type.</exception>
    public ConsumeResult<TKey, TValue> Read(TopicPartition partition, in RawRecord record)
    {
        var headers = record.Headers;
        return new ConsumeResult<TKey, TValue>
        {
            Topic = partition.Topic,
            Partition = partition.Partition,
            Offset = record.Offset,
            Message = new Message<TKey, TValue>
            {
                Key = Deserialize(_keys, record.Key, !record.HasKey, MessageComponentType.Key, partition, record.Offset, headers),
                Value = Deserialize(_values, record.Value, !record.HasValue, MessageComponentType.Value, partition, record.Offset, headers),
                Timestamp = record.Timestamp,
                Headers = headers!,
            },
        };
    }

    private static T Deserialize<T>(IDeserializer<T> deserializer, ReadOnlySpan<byte> data, bool isNull, MessageComponentType component, TopicPartition partition, long offset, Headers? headers)
    {
        try
        {
            return deserializer.Deserialize(data, isNull, new SerializationContext(component, partition.Topic, headers));
        }
        catch (Exception e)
        {
            throw new LogException($"The {(component == MessageComponentType.Key ? "key" : "value")} at offset {offset} of lane {partition.Partition.Value} of {partition.Topic} is no {typeof(T).Name}: {e.Message}", e);
        }
    }
}
