using StockActors.Market;
using StockActors.Pipeline.Interop;

namespace StockActors.Pipeline.Stages;

/// <summary>
/// Where the poll thread and one lane's stage meet: the stage asks, the poll thread answers with one batch for each ask. The partition's own queue
/// inside librdkafka is the buffer between them, and librdkafka stops fetching when it is full; nothing is paused, purged or fetched twice.
/// </summary>
internal sealed unsafe class LanePort
{
    private readonly Lock _gate = new();
    private readonly string _topic;
    private readonly int _maxRecords;
    private readonly Action _wake;
    private nint _queue;
    private long _position;
    private int _asked;
    private Action<RecordBatch>? _onBatch;
    private Action<Exception?>? _onEnd;
    private (bool Ended, Exception? Cause) _end;

    public LanePort(string topic, int lane, long position, nint queue, int maxRecords, Action wake)
    {
        (_topic, Lane, _position, _queue, _maxRecords, _wake) = (topic, lane, position, queue, maxRecords, wake);
    }

    public int Lane { get; }

    /// <summary>From the stage: here is where batches and the end go.</summary>
    public void Attach(Action<RecordBatch> onBatch, Action<Exception?> onEnd)
    {
        bool ended;
        lock (_gate)
        {
            (_onBatch, _onEnd) = (onBatch, onEnd);
            ended = _end.Ended;
        }

        if (ended)
            onEnd(_end.Cause);
    }

    /// <summary>From the stage: one more batch is wanted.</summary>
    public void Ask()
    {
        Interlocked.Increment(ref _asked);
        _wake();
    }

    /// <summary>From the poll thread: nothing more comes.</summary>
    public void End(Exception? cause)
    {
        Action<Exception?>? onEnd;
        lock (_gate)
        {
            if (_end.Ended)
                return;
            _end = (true, cause);
            onEnd = _onEnd;
        }

        onEnd?.Invoke(cause);
    }

    /// <summary>From the poll thread: answers an ask if there is one and something to answer it with.</summary>
    /// <returns>Whether a batch was handed over.</returns>
    public bool Serve(Librdkafka.Message*[] messages)
    {
        if (Volatile.Read(ref _asked) == 0 || _end.Ended)
            return false;
        nint count;
        fixed (Librdkafka.Message** first = messages)
            count = Librdkafka.ConsumeBatch(_queue, 0, first, Math.Min(_maxRecords, messages.Length));
        if (count <= 0)
            return false;

        var batch = new RecordBatch(_topic, Lane, _position, countHint: (int)count);
        try
        {
            for (var i = 0; i < count; i++)
            {
                var message = messages[i];
                switch (message->Error)
                {
                    case Confluent.Kafka.ErrorCode.NoError:
                        batch.Add(message->Offset, message->KeySpan, message->ValueSpan, message->Payload == null);
                        batch.LeaderEpoch = i == count - 1 ? Librdkafka.LeaderEpochOf(message) : batch.LeaderEpoch;
                        break;
                    case Confluent.Kafka.ErrorCode.Local_PartitionEOF:
                        batch.MoveTo(Math.Max(batch.NextOffset, message->Offset));
                        break;
                    default:
                        End(new LogException($"Lane {Lane} of {_topic} can't be read at offset {batch.NextOffset}: {Librdkafka.ErrorTextOf(message)}"));
                        break;
                }
            }
        }
        finally
        {
            for (var i = 0; i < count; i++)
                Librdkafka.DestroyMessage(messages[i]);
        }

        if (_end.Ended)
        {
            batch.Dispose();
            return true;
        }

        _position = batch.NextOffset;
        Interlocked.Decrement(ref _asked);
        _onBatch!(batch);
        return true;
    }

    /// <summary>From the poll thread: gives the partition's queue back.</summary>
    public void Release()
    {
        if (_queue == 0)
            return;
        Librdkafka.WakeOnEvent(_queue, null, 0);
        Librdkafka.DestroyQueue(_queue);
        _queue = 0;
    }
}
