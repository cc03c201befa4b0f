using System.Collections.Concurrent;
using System.Text;
using Confluent.Kafka;
using StockActors.Pipeline.Clients;

namespace StockActors.Pipeline.Tests;

/// <summary>A client whose group, records and faults the test makes; it remembers what was committed, in order.</summary>
internal sealed class FakeConsumeClient : IConsumeClient
{
    private readonly ConcurrentQueue<Action> _toServe = new();
    private readonly ConcurrentDictionary<TopicPartition, Queue> _queues = [];
    private readonly ConcurrentQueue<TopicPartitionOffset> _committed = [];
    private readonly AutoResetEvent _wake = new(false);
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waits;

    /// <summary>Who is told of the group's doings; set by the session that this is the client of.</summary>
    public IRebalances Rebalances { get; set; } = null!;

    /// <summary>Thrown by the next commits, one each.</summary>
    public ConcurrentQueue<ErrorCode> CommitFaults { get; } = [];

    /// <summary>Holds commits back while it is not done.</summary>
    public Task CommitGate { get; set; } = Task.CompletedTask;

    public IReadOnlyList<TopicPartitionOffset> Committed => [.. _committed];

    public IReadOnlyList<string> Topics { get; private set; } = [];

    public Task Disposed => _disposed.Task.WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>How often the poll thread has gone to sleep.</summary>
    public int Waits => Volatile.Read(ref _waits);

    private IReadOnlyList<TopicPartition> Assignment => [.. _queues.Where(queue => !queue.Value.IsGivenUp).Select(queue => queue.Key)];

    /// <summary>The group assigns partitions.</summary>
    /// <returns>Where each is read from, once the consumer has said so.</returns>
    public Task<IReadOnlyList<TopicPartitionOffset>> AssignAsync(params TopicPartition[] partitions) => ServeAsync(() => Rebalances.Assigned(partitions));

    /// <summary>The group takes partitions away.</summary>
    /// <returns>Done when the consumer has given them up.</returns>
    public Task RevokeAsync(params TopicPartition[] partitions) => ServeAsync(() =>
    {
        Rebalances.Revoked(partitions);
        return true;
    });

    /// <summary>The group has given partitions to others already.</summary>
    public Task LoseAsync(params TopicPartition[] partitions) => ServeAsync(() =>
    {
        Rebalances.Lost(partitions);
        return true;
    });

    /// <summary>The client fails at its next poll.</summary>
    public void Throw(ErrorCode error) => Serve(() => throw new ConsumeException(new ConsumeResult<byte[], byte[]>(), new Error(error)));

    /// <summary>Records come in of a partition, whose values are their offsets in digits.</summary>
    public void Fetch(TopicPartition partition, long first, int count) =>
        Enqueue(partition, [.. Enumerable.Range(0, count).Select(i => Record(first + i, $"{first + i}", null))]);

    public void Fetch(TopicPartition partition, long offset, string value, Headers? headers = null) => Enqueue(partition, Record(offset, value, headers));

    /// <summary>The partition has been read up to here.</summary>
    public void ReachEnd(TopicPartition partition, long offset) => Enqueue(partition, sink => sink.MoveTo(offset));

    /// <summary>The partition can't be read.</summary>
    public void Fail(TopicPartition partition, ErrorCode error) => Enqueue(partition, sink => sink.Fail(new Error(error), $"{error}"));

    /// <summary>How many records of a partition wait to be taken.</summary>
    public int Waiting(TopicPartition partition) => _queues[partition].Count;

    public void Subscribe(IReadOnlyList<string> topics) => Topics = topics;

    public void Assign(IReadOnlyList<TopicPartitionOffset> partitions)
    {
    }

    public IPartitionQueue Open(TopicPartition partition) => _queues[partition] = new Queue();

    public void Poll()
    {
        while (_toServe.TryDequeue(out var serve))
            serve();
    }

    public void Wait(TimeSpan atMost)
    {
        Interlocked.Increment(ref _waits);
        _wake.WaitOne(atMost);
    }

    public void Wake() => _wake.Set();

    public void Commit(IReadOnlyList<TopicPartitionOffset> offsets)
    {
        CommitGate.Wait(TimeSpan.FromSeconds(30));
        if (CommitFaults.TryDequeue(out var fault))
            throw new KafkaException(fault);
        foreach (var offset in offsets)
            _committed.Enqueue(offset);
    }

    public long? EndOf(TopicPartition partition) => _queues[partition].End;

    public void Close() => Rebalances.Revoked(Assignment);

    public void Dispose() => _disposed.SetResult();

    private static Action<IRecordSink> Record(long offset, string value, Headers? headers) => sink => sink.Add(new RawRecord(new ConsumeResult<byte[]?, byte[]?>
    {
        Offset = offset,
        Message = new Message<byte[]?, byte[]?>
        {
            Key = Encoding.UTF8.GetBytes($"k{offset}"),
            Value = Encoding.UTF8.GetBytes(value),
            Timestamp = new Timestamp(offset, TimestampType.CreateTime),
            Headers = headers,
        },
    }));

    private void Enqueue(TopicPartition partition, params Action<IRecordSink>[] records)
    {
        _queues[partition].Enqueue(records);
        Wake();
    }

    private Task<TResult> ServeAsync<TResult>(Func<TResult> serve)
    {
        var done = new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        Serve(() => done.SetResult(serve()));
        return done.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private void Serve(Action serve)
    {
        _toServe.Enqueue(serve);
        Wake();
    }

    private sealed class Queue : IPartitionQueue
    {
        private readonly Lock _gate = new();
        private readonly Queue<Action<IRecordSink>> _records = new();

        public long? End { get; } = 100;

        public bool IsGivenUp { get; private set; }

        public int Count
        {
            get
            {
                lock (_gate)
                    return _records.Count;
            }
        }

        /// <summary>They come in together, as those of one fetch do.</summary>
        public void Enqueue(IEnumerable<Action<IRecordSink>> records)
        {
            lock (_gate)
            {
                foreach (var record in records)
                    _records.Enqueue(record);
            }
        }

        public int Read(int atMost, IRecordSink sink)
        {
            lock (_gate)
            {
                var count = 0;
                for (; count < atMost && _records.TryDequeue(out var record); count++)
                    record(sink);
                return count;
            }
        }

        public void Dispose() => IsGivenUp = true;
    }
}
