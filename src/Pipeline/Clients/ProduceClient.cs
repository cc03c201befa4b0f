using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;
using StockActors.Pipeline.Interop;
using StockActors.Pipeline.Messages;
using StockActors.Pipeline.Settings;

namespace StockActors.Pipeline.Clients;

/// <summary>
/// librdkafka's producer, called directly: of what a record costs in Confluent.Kafka's, half is the delivery handler's objects. Its own thread serves
/// the delivery reports, asleep while there are none.
/// </summary>
internal sealed unsafe class ProduceClient<TKey, TValue> : IProduceClient<TKey, TValue>
{
    private const int PollMilliseconds = 100;

    private readonly ISerializer<TKey> _keys;
    private readonly ISerializer<TValue> _values;
    private readonly Dictionary<string, nint> _topics = [];
    private readonly Thread _thread;
    private readonly nint _client;
    private volatile bool _disposed;

    public ProduceClient(ProducerSettings<TKey, TValue> settings)
    {
        (_keys, _values) = (settings.KeySerializer ?? DefaultSerialization.WriterOf<TKey>(), settings.ValueSerializer ?? DefaultSerialization.WriterOf<TValue>());
        _client = Librdkafka.NewProducer(settings.ToConfig(), &DeliveryReports.OnDelivery);
        _thread = new Thread(Poll) { IsBackground = true, Name = "produce" };
        _thread.Start();
    }

    public bool TryProduce(ProducerRecord<TKey, TValue> record, IDelivery delivery)
    {
        var (to, message) = (record.To, record.Message);
        var key = Serialize(_keys, message.Key, MessageComponentType.Key, ErrorCode.Local_KeySerialization, record);
        var value = Serialize(_values, message.Value, MessageComponentType.Value, ErrorCode.Local_ValueSerialization, record);
        var headers = message.Headers?.Count ?? 0;
        var fields = stackalloc Librdkafka.ProduceField[7 + headers];
        var names = headers == 0 ? [] : new byte[headers][];
        var pins = headers == 0 ? [] : new GCHandle[headers * 2];
        var waiting = GCHandle.Alloc(delivery);
        ErrorCode error;
        try
        {
            // An empty key or value is not an absent one: it has an address.
            fixed (byte* keyBytes = &MemoryMarshal.GetArrayDataReference(key ?? []), valueBytes = &MemoryMarshal.GetArrayDataReference(value ?? []))
            {
                fields[0] = new() { Kind = Librdkafka.ProduceField.Topic, Pointer = TopicOf(to.Topic) };
                fields[1] = new() { Kind = Librdkafka.ProduceField.Partition, Number = to.Partition.Value };
                fields[2] = new() { Kind = Librdkafka.ProduceField.Flags, Number = Librdkafka.CopyPayload };
                fields[3] = new() { Kind = Librdkafka.ProduceField.Opaque, Pointer = GCHandle.ToIntPtr(waiting) };
                fields[4] = new() { Kind = Librdkafka.ProduceField.Key, Pointer = key is null ? 0 : (nint)keyBytes, Size = key?.Length ?? 0 };
                fields[5] = new() { Kind = Librdkafka.ProduceField.Value, Pointer = value is null ? 0 : (nint)valueBytes, Size = value?.Length ?? 0 };
                fields[6] = new() { Kind = Librdkafka.ProduceField.Timestamp, Number = message.Timestamp.UnixTimestampMs };
                for (var i = 0; i < headers; i++)
                {
                    names[i] = Encoding.UTF8.GetBytes(message.Headers![i].Key + '\0');
                    var content = message.Headers[i].GetValueBytes();
                    (pins[i * 2], pins[(i * 2) + 1]) = (GCHandle.Alloc(names[i], GCHandleType.Pinned), GCHandle.Alloc(content, GCHandleType.Pinned));
                    fields[7 + i] = new()
                    {
                        Kind = Librdkafka.ProduceField.Header,
                        Pointer = pins[i * 2].AddrOfPinnedObject(),
                        Size = pins[(i * 2) + 1].AddrOfPinnedObject(),
                        HeaderSize = content?.Length ?? 0,
                    };
                }

                error = Librdkafka.Produce(_client, fields, 7 + headers);
            }
        }
        finally
        {
            foreach (var pin in pins)
                pin.Free();
        }

        if (error == ErrorCode.NoError)
            return true;
        waiting.Free();
        return error == ErrorCode.Local_QueueFull ? false : throw new KafkaException(error);
    }

    /// <summary>Gives up what is not delivered, and tells so, before the client is freed.</summary>
    public void Dispose()
    {
        _disposed = true;
        _thread.Join();
        Librdkafka.PurgeAll(_client);
        while (Librdkafka.Undelivered(_client) > 0)
            _ = Librdkafka.Poll(_client, PollMilliseconds);
        foreach (var topic in _topics.Values)
            Librdkafka.DestroyTopic(topic);
        Librdkafka.DestroyClient(_client);
    }

    private void Poll()
    {
        while (!_disposed)
            _ = Librdkafka.Poll(_client, PollMilliseconds);
    }

    private nint TopicOf(string topic)
    {
        if (!_topics.TryGetValue(topic, out var handle))
        {
            handle = Librdkafka.NewTopic(_client, topic, 0);
            if (handle == 0)
                throw new KafkaException(Librdkafka.LastError());
            _topics.Add(topic, handle);
        }

        return handle;
    }

    private static byte[]? Serialize<T>(ISerializer<T> serializer, T item, MessageComponentType component, ErrorCode code, ProducerRecord<TKey, TValue> record)
    {
        try
        {
            return serializer.Serialize(item, new SerializationContext(component, record.To.Topic, record.Message.Headers));
        }
        catch (Exception e)
        {
            throw new KafkaException(new Error(code, e.Message), e);
        }
    }
}
