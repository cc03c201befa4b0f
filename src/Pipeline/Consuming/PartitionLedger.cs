using Confluent.Kafka;

namespace StockActors.Pipeline.Consuming;

/// <summary>What of a partition is on its way through the stream, done, and committed, for as long as the consumer has it.</summary>
/// <param name="partition">The partition.</param>
/// <param name="commits">Where its offsets are committed.</param>
/// <param name="isTold">Whether the stream tells what is done: otherwise nothing is known to be in flight.</param>
internal sealed class PartitionLedger(TopicPartition partition, IOffsetCommits commits, bool isTold)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long? _emitted;
    private long? _done;
    private bool _hasEnded;

    public TopicPartition Partition { get; } = partition;

    public IOffsetCommits Commits { get; } = commits;

    /// <summary>How far the group has been told; only <see cref="Commits"/> touches it.</summary>
    public long? Committed { get; set; }

    /// <summary>How far the stream says it is done; <c>null</c> for not at all.</summary>
    public long? DoneUpTo
    {
        get
        {
            lock (_gate)
                return _done;
        }
    }

    /// <summary>Whether nothing more is given to the stream.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_gate)
                return _hasEnded;
        }
    }

    /// <summary>Done when nothing more is given to the stream, and what was given is done.</summary>
    public Task Settled => _settled.Task;

    /// <summary>From the source, before it pushes: the stream has the partition up to here.</summary>
    public void Emit(long next)
    {
        lock (_gate)
            _emitted = next;
    }

    /// <summary>From the source: nothing more is pushed.</summary>
    public void EndEmission()
    {
        lock (_gate)
        {
            _hasEnded = true;
            Settle();
        }
    }

    /// <summary>From a committer: the partition is done up to here.</summary>
    public void Done(long next)
    {
        lock (_gate)
        {
            _done = Math.Max(_done ?? next, next);
            Settle();
        }
    }

    private void Settle()
    {
        if (_hasEnded && (!isTold || _emitted is null || _done >= _emitted))
            _settled.TrySetResult();
    }
}
