using Akka.Streams;
using Akka.Streams.Stage;
using StockActors.Market;

namespace StockActors.Pipeline.Stages;

/// <summary>One lane's batches: one is asked for ahead of demand, so that reading and what follows overlap.</summary>
internal sealed class LaneStage(LanePort port) : GraphStage<SourceShape<RecordBatch>>
{
    private readonly Outlet<RecordBatch> _out = new("LaneStage.out");

    public override SourceShape<RecordBatch> Shape => new(_out);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, port);

    private sealed class Logic : OutGraphStageLogic
    {
        private readonly LaneStage _stage;
        private readonly LanePort _port;
        private RecordBatch? _ready;
        private bool _asked;
        private bool _ended;

        public Logic(LaneStage stage, LanePort port)
            : base(stage.Shape)
        {
            (_stage, _port) = (stage, port);
            SetHandler(stage._out, this);
        }

        public override void PreStart() => _port.Attach(GetAsyncCallback<RecordBatch>(OnBatch), GetAsyncCallback<Exception?>(OnEnd));

        public override void OnPull()
        {
            if (_ready is { } batch)
            {
                _ready = null;
                Push(_stage._out, batch);
            }

            if (_ended && _ready is null)
                CompleteStage();
            else
                Ask();
        }

        public override void PostStop() => _ready?.Dispose();

        private void Ask()
        {
            if (_asked || _ended)
                return;
            _asked = true;
            _port.Ask();
        }

        private void OnBatch(RecordBatch batch)
        {
            _asked = false;
            if (IsAvailable(_stage._out))
            {
                Push(_stage._out, batch);
                Ask();
            }
            else
            {
                _ready = batch;
            }
        }

        private void OnEnd(Exception? cause)
        {
            _ended = true;
            if (cause is not null)
                FailStage(cause);
            else if (_ready is null)
                CompleteStage();
        }
    }
}
