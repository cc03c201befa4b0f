using Akka.Streams;
using Akka.Streams.Stage;
using StockActors.Market;

namespace StockActors.Sinks;

/// <summary>Drives a <see cref="LaneWriter"/> by demand and by time.</summary>
internal sealed class LaneStage(LaneWriter writer) : GraphStage<FlowShape<RecordBatch, LaneCommitted>>
{
    private readonly Inlet<RecordBatch> _in = new("Lane.in");
    private readonly Outlet<LaneCommitted> _out = new("Lane.out");

    public override FlowShape<RecordBatch, LaneCommitted> Shape => new(_in, _out);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, writer);

    private sealed class Logic : GraphStageLogic
    {
        private readonly LaneStage _stage;
        private readonly LaneWriter _writer;
        private readonly CancellationToken _stopped;
        private readonly Action _stop;
        private readonly Action<Task<EpochCommitted?>> _onFlushed;
        private ITimer? _timer;
        private EpochCommitted? _committed;
        private long _emitted = -1;
        private bool _isFlushing;
        private bool _isTimerSet;
        private bool _isUpstreamDone;

        public Logic(LaneStage stage, LaneWriter writer) : base(stage.Shape)
        {
            (_stage, _writer) = (stage, writer);
            var stopped = new CancellationTokenSource();
            _stopped = stopped.Token;
            _stop = () =>
            {
                using (stopped)
                    stopped.Cancel();
            };
            _onFlushed = GetAsyncCallback<Task<EpochCommitted?>>(OnFlushed);
            SetHandler(stage._in, onPush: OnPush, onUpstreamFinish: OnUpstreamFinish);
            SetHandler(stage._out, onPull: Advance);
        }

        public override void PreStart()
        {
            _writer.Join(GetAsyncCallback(Advance));
            var onTimer = GetAsyncCallback(OnTimer);
            _timer = _writer.Time.CreateTimer(_ => onTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Advance();
        }

        public override void PostStop()
        {
            _timer!.Dispose();
            _stop();
            _writer.Leave();
        }

        private void OnPush()
        {
            using (var batch = Grab(_stage._in))
                _writer.Add(batch);
            Advance();
        }

        private void OnUpstreamFinish()
        {
            _isUpstreamDone = true;
            Advance();
        }

        private void OnTimer()
        {
            _isTimerSet = false;
            Advance();
        }

        private void OnFlushed(Task<EpochCommitted?> flushed)
        {
            _isFlushing = false;
            if (!flushed.IsCompletedSuccessfully)
            {
                FailStage(flushed.Exception?.InnerException ?? new OperationCanceledException());
                return;
            }

            _committed = flushed.Result;
            Advance();
        }

        private bool HasMoved => _writer.IsIdle && _writer.ReadPosition > _emitted;

        // An epoch that nobody has taken note of yet holds up the next one: so demand reaches from the consumer of commits to the log.
        private void Advance()
        {
            if (IsAvailable(_stage._out))
                Emit();
            if (!_isFlushing && _committed is null)
                Flush();
            if (_isUpstreamDone)
            {
                if (!_isFlushing && _committed is null && !HasMoved)
                    CompleteStage();
            }
            else if (_writer.HasRoom && !HasBeenPulled(_stage._in))
            {
                Pull(_stage._in);
            }
        }

        private void Emit()
        {
            if (_committed is { } epoch)
            {
                _committed = null;
                Push(_emitted = epoch.End, epoch);
            }
            else if (HasMoved)
            {
                Push(_emitted = _writer.ReadPosition, null);
            }
        }

        private void Push(long position, EpochCommitted? epoch) =>
            Push(_stage._out, new LaneCommitted(new LaneOffset(_writer.Topic, _writer.Lane, position), epoch));

        private void Flush()
        {
            var due = _writer.DueIn;
            if (!_writer.IsFull && !_isUpstreamDone && due != TimeSpan.Zero)
            {
                if (due is { } wait && !_isTimerSet)
                    _isTimerSet = _timer!.Change(wait, Timeout.InfiniteTimeSpan);
                return;
            }

            var flush = _writer.FlushAsync(_stopped);
            if (flush is { IsCompletedSuccessfully: true, Result: null })
                return;
            _isFlushing = true;
            flush.ContinueWith(_onFlushed, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }
}
