namespace StockActors.Sinks.Tests.Simulation;

/// <summary>A clock that goes from timer to timer when it is told to.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private readonly List<Timer> _timers = [];
    private long _elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public bool HasTimers => _timers.Count > 0;

    public override DateTimeOffset GetUtcNow() => RandomTicks.Now + TimeSpan.FromTicks(_elapsed);

    public override long GetTimestamp() => _elapsed;

    public void Advance(TimeSpan by) => _elapsed += by.Ticks;

    /// <summary>Goes on to the next timer and rings it.</summary>
    public void RingNext()
    {
        var next = _timers.MinBy(timer => timer.At)!;
        _timers.Remove(next);
        _elapsed = Math.Max(_elapsed, next.At);
        next.Ring();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(SteppedTime time, TimerCallback callback, object? state) : ITimer
    {
        public long At { get; private set; }

        public void Ring() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time._timers.Remove(this);
            if (dueTime == Timeout.InfiniteTimeSpan)
                return true;
            At = time._elapsed + dueTime.Ticks;
            time._timers.Add(this);
            return true;
        }

        public void Dispose() => time._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
