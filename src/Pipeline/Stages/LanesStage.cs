using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Stage;

namespace StockActors.Pipeline.Stages;

/// <summary>The lanes that a session is assigned, each as a source of its own, as they come.</summary>
internal sealed class LanesStage(ConsumerSession session) : GraphStage<SourceShape<LaneSource>>
{
    private readonly Outlet<LaneSource> _out = new("LanesStage.out");

    public override SourceShape<LaneSource> Shape => new(_out);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, session);

    private sealed class Logic : OutGraphStageLogic
    {
        private readonly LanesStage _stage;
        private readonly ConsumerSession _session;
        private readonly Queue<LaneSource> _assigned = new();
        private bool _ended;

        public Logic(LanesStage stage, ConsumerSession session)
            : base(stage.Shape)
        {
            (_stage, _session) = (stage, session);
            SetHandler(stage._out, this);
        }

        public override void PreStart() => _session.Start(GetAsyncCallback<LanePort>(OnAssigned), GetAsyncCallback<Exception?>(OnEnd));

        public override void OnPull()
        {
            if (_assigned.TryDequeue(out var lane))
                Push(_stage._out, lane);
            if (_ended && _assigned.Count == 0)
                CompleteStage();
        }

        public override void PostStop() => _session.Stop();

        private void OnAssigned(LanePort port)
        {
            var lane = new LaneSource(port.Lane, Source.FromGraph(new LaneStage(port)));
            if (IsAvailable(_stage._out) && _assigned.Count == 0)
                Push(_stage._out, lane);
            else
                _assigned.Enqueue(lane);
        }

        private void OnEnd(Exception? cause)
        {
            _ended = true;
            if (cause is not null)
                FailStage(cause);
            else if (_assigned.Count == 0)
                CompleteStage();
        }
    }
}
