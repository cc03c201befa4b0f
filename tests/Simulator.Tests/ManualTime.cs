using System.Threading.Channels;

namespace StockActors.Simulator.Tests;

/// <summary>A clock that stands until it is moved, with one timer, and that says when the timer is set.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Channel<TimeSpan> _settings = Channel.CreateUnbounded<TimeSpan>();
    private TimeSpan _now;
    private Action? _fireIfDue;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        _fireIfDue = timer.FireIfDue;
        return timer;
    }

    /// <summary>How long the timer is next set for.</summary>
    public async Task<TimeSpan> TimerSetAsync() => await _settings.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));

    public void Advance(TimeSpan by)
    {
        _now += by;
        _fireIfDue!();
    }

    private sealed class ManualTimer(ManualTime time, Action callback) : ITimer
    {
        private TimeSpan? _due;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _due = dueTime == Timeout.InfiniteTimeSpan ? null : time._now + dueTime;
            time._settings.Writer.TryWrite(dueTime);
            return true;
        }

        public void FireIfDue()
        {
            if (_due > time._now || _due is null)
                return;
            _due = null;
            callback();
        }

        public void Dispose() => _due = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
