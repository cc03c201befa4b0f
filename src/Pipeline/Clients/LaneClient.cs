using System.Runtime.InteropServices;
using Confluent.Kafka;
using StockActors.Pipeline.Interop;

namespace StockActors.Pipeline.Clients;

/// <summary>Confluent.Kafka's producer for the transactions, librdkafka's batch call on the same producer for the records.</summary>
internal sealed unsafe class LaneClient : ILaneClient
{
    private const int BatchRecords = 256;

    private readonly IProducer<Null, Null> _producer;
    private readonly SafeHandle _handle;
    private readonly Dictionary<string, nint> _topics = [];
    private volatile string? _lastError;

    public LaneClient(ProducerConfig config)
    {
        _producer = new ProducerBuilder<Null, Null>(config)
            .SetErrorHandler((_, error) => _lastError = error.Reason)
            .SetLogHandler((_, _) => { })
            .Build();
        _handle = Librdkafka.HandleOf(_producer);
    }

    public string? LastError => _lastError;

    public void InitTransactions(TimeSpan timeout) => _producer.InitTransactions(timeout);

    public void BeginTransaction() => _producer.BeginTransaction();

    public int Produce(TopicPartition to, RecordBuffer records, int first, int end)
    {
        var topic = HandleOf(to.Topic);
        var messages = stackalloc Librdkafka.Message[BatchRecords];
        fixed (byte* bytes = records.Written)
        {
            while (first < end)
            {
                var count = Math.Min(BatchRecords, end - first);
                for (var i = 0; i < count; i++)
                {
                    var (start, keyEnd, valueEnd) = records[first + i];
                    messages[i] = new Librdkafka.Message
                    {
                        Key = bytes + start,
                        KeyLength = keyEnd - start,
                        Payload = bytes + keyEnd,
                        Length = valueEnd - keyEnd,
                    };
                }

                var taken = Librdkafka.ProduceBatch(topic, to.Partition.Value, Librdkafka.CopyPayload, messages, count);
                first += taken;
                if (taken == count)
                    continue;
                // From the first that meets a full queue on, none is taken; any other refusal ends the transaction, whatever came after it.
                for (var i = 0; i < count; i++)
                {
                    if (messages[i].Error is not (ErrorCode.NoError or ErrorCode.Local_QueueFull))
                        throw new KafkaException(messages[i].Error);
                }

                return first;
            }
        }

        return end;
    }

    public void AwaitRoom(TimeSpan timeout) => _producer.Flush(timeout);

    public void CommitTransaction(TimeSpan timeout) => _producer.CommitTransaction(timeout);

    public void AbortTransaction(TimeSpan timeout) => _producer.AbortTransaction(timeout);

    public void Dispose()
    {
        foreach (var topic in _topics.Values)
            Librdkafka.DestroyTopic(topic);
        _topics.Clear();
        _producer.Dispose();
    }

    private nint HandleOf(string topic)
    {
        if (!_topics.TryGetValue(topic, out var handle))
        {
            handle = Librdkafka.NewTopic(_handle, topic, 0);
            if (handle == 0)
                throw new KafkaException(Librdkafka.LastError());
            _topics.Add(topic, handle);
        }

        return handle;
    }
}
