using System.Diagnostics;
using StockActors.Pipeline.Clients;

namespace StockActors.Pipeline.Consuming;

/// <summary>
/// Where the poll thread and the stage of one partition meet: the stage asks, the poll thread answers with one chunk for each ask. The partition's own
/// queue inside the client is the buffer between them, and fetching stops when it is full.
/// </summary>
internal sealed class PartitionPort<T>(PartitionLedger ledger, IPartitionQueue queue, Reading<T> reading, int maxRecords, Action wake)
{
    private readonly Lock _gate = new();
    private Action<PartitionPort<T>, Chunk<T>>? _onChunk;
    private Action<PartitionPort<T>, PartitionEnd, Exception?>? _onEnd;
    private (PartitionEnd How, Exception? Cause)? _end;
    private int _asked;
    private bool _isDetached;

    public PartitionLedger Ledger { get; } = ledger;

    /// <summary>The offset that is to be taken next.</summary>
    public long? Position { get; private set; } = reading.Position;

    /// <summary>How many records wait to be taken.</summary>
    public int Queued => queue.Count;

    /// <summary>From the stage: here is where chunks and the end go.</summary>
    public void Attach(Action<PartitionPort<T>, Chunk<T>> onChunk, Action<PartitionPort<T>, PartitionEnd, Exception?> onEnd)
    {
        (PartitionEnd How, Exception? Cause)? end;
        lock (_gate)
        {
            (_onChunk, _onEnd) = (onChunk, onEnd);
            end = _end;
        }

        if (end is { } before)
            onEnd(this, before.How, before.Cause);
        else
            Ask();
    }

    /// <summary>From the stage: it is gone, and pushes nothing more.</summary>
    public void Detach()
    {
        lock (_gate)
            _isDetached = true;
        Ledger.EndEmission();
    }

    /// <summary>From the stage: one more chunk is wanted.</summary>
    public void Ask()
    {
        Interlocked.Increment(ref _asked);
        wake();
    }

    /// <summary>From the poll thread: nothing more comes. A partition that was stopped can still be revoked.</summary>
    public void End(PartitionEnd how, Exception? cause = null)
    {
        Action<PartitionPort<T>, PartitionEnd, Exception?>? onEnd;
        lock (_gate)
        {
            if (_end is { } before && before.How >= how)
                return;
            _end = (how, cause);
            onEnd = _isDetached ? null : _onEnd;
            // Nobody has begun to read it.
            if (_onEnd is null)
                Ledger.EndEmission();
        }

        onEnd?.Invoke(this, how, cause);
    }

    /// <summary>From the poll thread: answers an ask if there is one and something to answer it with.</summary>
    /// <returns>Whether anything was taken.</returns>
    public bool Serve()
    {
        if (Volatile.Read(ref _asked) == 0 || _end is not null)
            return false;
        var started = Stopwatch.GetTimestamp();
        if (queue.Read(maxRecords, reading) == 0)
            return false;
        var taken = reading.Take();
        PipelineMetrics.ConsumeDuration.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        Position = reading.Position;
        if (taken is { } chunk)
        {
            Interlocked.Decrement(ref _asked);
            PipelineMetrics.Consumed.Add(chunk.Records);
            _onChunk!(this, chunk);
        }

        if (reading.Failure is { } failure)
        {
            End(PartitionEnd.Failed, new LogException(
                $"Lane {Ledger.Partition.Partition.Value} of {Ledger.Partition.Topic} can't be read at offset {reading.Position}: {failure.Reason}"));
        }

        return true;
    }

    /// <summary>From the poll thread: gives the partition's queue back.</summary>
    public void Release() => queue.Dispose();
}
