using System.Threading.Channels;

namespace StockActors.Sinks.Tests;

/// <summary>A clock that goes when it is told to.</summary>
internal sealed class ManualTime(DateTimeOffset now) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private readonly Channel<bool> _armed = Channel.CreateUnbounded<bool>();
    private DateTimeOffset _now = now;
    private long _elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => Volatile.Read(ref _elapsed);

    /// <summary>Turns the wall clock, as an operator or NTP may; elapsed time does not notice.</summary>
    public void Set(DateTimeOffset now) => _now = now;

    /// <summary>Ends once a timer has been set, once for each.</summary>
    public async Task ArmedAsync() => await _armed.Reader.ReadAsync();

    public void Advance(TimeSpan by)
    {
        List<Timer> due;
        lock (_lock)
        {
            _now += by;
            Interlocked.Add(ref _elapsed, by.Ticks);
            due = [.. _timers.Where(timer => timer.At <= _elapsed)];
            foreach (var timer in due)
                timer.At = long.MaxValue;
        }

        foreach (var timer in due)
            timer.Ring();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        lock (_lock)
            _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public long At { get; set; } = long.MaxValue;

        public void Ring() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == Timeout.InfiniteTimeSpan)
                return true;
            lock (time._lock)
                At = time._elapsed + dueTime.Ticks;
            time._armed.Writer.TryWrite(true);
            return true;
        }

        public void Dispose()
        {
            lock (time._lock)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
