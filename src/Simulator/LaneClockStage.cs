using Akka.Streams;
using Akka.Streams.Stage;
using StockActors.Market;

namespace StockActors.Simulator;

/// <summary>The source behind <see cref="LaneClock"/>.</summary>
internal sealed class LaneClockStage(long start, long delta, double? speed, TimeProvider time, TradingCalendar calendar) : GraphStage<SourceShape<long>>
{
    public Outlet<long> Out { get; } = new("LaneClock.out");

    public override SourceShape<long> Shape => new(Out);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, start, delta, speed, time, calendar);

    private sealed class Logic : OutGraphStageLogic
    {
        private readonly LaneClockStage _stage;
        private readonly long _delta;
        private readonly double? _speed;
        private readonly TimeProvider _time;
        private readonly TradingCalendar _calendar;
        private readonly ITimer _timer;
        private readonly long _origin;
        private long _reached;
        private double _dueNanos;
        private double? _pushedNanos;

        public Logic(LaneClockStage stage, long start, long delta, double? speed, TimeProvider time, TradingCalendar calendar)
            : base(stage.Shape)
        {
            (_stage, _reached, _delta, _speed, _time, _calendar) = (stage, start, delta, speed, time, calendar);
            _origin = time.GetTimestamp();
            var due = GetAsyncCallback(Push);
            _timer = time.CreateTimer(_ => due(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            SetHandler(stage.Out, this);
        }

        private double NowNanos => _time.GetElapsedTime(_origin).TotalNanoseconds;

        public override void OnPull()
        {
            if (_speed is not { } speed)
            {
                Push();
                return;
            }

            // A step takes as long as it should, or as long as the consumer took, whichever is longer: a late timer is made up for, or high
            // speeds would never be reached, but a late consumer is not.
            var now = NowNanos;
            _pushedNanos ??= _dueNanos = now;
            _dueNanos += Math.Max(LaneClock.Step(_reached, _delta, _calendar).Length / speed, now - _pushedNanos.Value);
            if (_dueNanos <= now)
                Push();
            else
                _timer.Change(TimeSpan.FromMicroseconds((_dueNanos - now) / 1_000), Timeout.InfiniteTimeSpan);
        }

        public override void PostStop() => _timer.Dispose();

        private void Push()
        {
            _reached = LaneClock.Step(_reached, _delta, _calendar).Until;
            _pushedNanos = NowNanos;
            Push(_stage.Out, _reached);
        }
    }
}
