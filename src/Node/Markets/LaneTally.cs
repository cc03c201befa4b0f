using StockActors.Market;

namespace StockActors.Node.Markets;

/// <summary>What one lane of this node has done since it started: written by its streams, read by the view and the balance.</summary>
internal sealed class LaneTally
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MarketLine> _markets = [];
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<(long Time, TickCounts Ticks)> _inFlight = [];
    private TickCounts _emitted;
    private TickCounts _acknowledged;
    private long _inLake;
    private LaneProgress? _from;
    private TimeSpan? _replayTime;
    private long _time;
    private bool _isHere;

    /// <summary>Completes when the lane publishes nothing more; faulted where nobody asked for that.</summary>
    public Task Finished => _finished.Task;

    /// <summary>The lane publishes nothing more; <paramref name="cause"/> says why where nobody asked for it.</summary>
    public void Finish(Exception? cause)
    {
        if (cause is null)
            _finished.TrySetResult();
        else
            _finished.TrySetException(cause);
    }

    /// <summary>
    /// The lane goes on from here. Where it had gone on before, this is what the log has acknowledged of what was in flight when it failed; the rest
    /// will be made again.
    /// </summary>
    public void Begin(LaneProgress from)
    {
        lock (_gate)
        {
            _from ??= from;
            _time = from.Time;
            _isHere = true;
            foreach (var (time, ticks) in _inFlight)
            {
                if (time <= from.Time)
                    _acknowledged += ticks;
                else
                    _emitted -= ticks;
            }

            _inFlight.Clear();
        }
    }

    /// <summary>Its markets have re-played the day up to where it goes on.</summary>
    public void CatchUp(TimeSpan took)
    {
        lock (_gate)
            _replayTime ??= took;
    }

    /// <summary>The lane is published elsewhere from now on, or nowhere.</summary>
    public void Leave()
    {
        lock (_gate)
            _isHere = false;
    }

    /// <summary>The markets have made these ticks.</summary>
    public void Emit(TickBatch batch)
    {
        lock (_gate)
        {
            var ticks = TickCounts.Of(batch.Ticks);
            _emitted += ticks;
            _inFlight.Enqueue((batch.Progress.Time, ticks));
            foreach (ref readonly var tick in batch.Ticks)
            {
                ref var line = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_markets, tick.Symbol, out _);
                line = line.After(tick);
            }
        }
    }

    /// <summary>The log has acknowledged a transaction.</summary>
    public void Acknowledge(TickCounts ticks, long time)
    {
        lock (_gate)
        {
            _acknowledged += ticks;
            _time = time;
            while (_inFlight.TryPeek(out var first) && first.Time <= time)
                _inFlight.Dequeue();
        }
    }

    /// <summary>An epoch is in the lake.</summary>
    public void Commit(long rows)
    {
        lock (_gate)
            _inLake += rows;
    }

    /// <summary>All of it at one instant.</summary>
    public LaneState Read()
    {
        lock (_gate)
            return new LaneState(_isHere, _from, _replayTime, _time, _emitted, _acknowledged, _inLake, [.. _markets.Values.OrderBy(m => m.Symbol, StringComparer.Ordinal)]);
    }
}
