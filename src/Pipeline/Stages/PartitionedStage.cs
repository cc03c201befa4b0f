using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Stage;
using StockActors.Pipeline.Consuming;
using StockActors.Pipeline.Dsl;

namespace StockActors.Pipeline.Stages;

/// <summary>The partitions that a consumer is assigned, each as a source of its own, as they come.</summary>
internal sealed class PartitionedStage<T>(Func<ConsumerSession<T>> sessionOf)
    : GraphStageWithMaterializedValue<SourceShape<PartitionSource<T>>, IControl>
{
    private readonly Outlet<PartitionSource<T>> _out = new("PartitionedStage.out");

    public override SourceShape<PartitionSource<T>> Shape => new(_out);

    public override ILogicAndMaterializedValue<IControl> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var session = sessionOf();
        return new LogicAndMaterializedValue<IControl>(new Logic(this, session), session);
    }

    private sealed class Logic : OutGraphStageLogic
    {
        private readonly PartitionedStage<T> _stage;
        private readonly ConsumerSession<T> _session;
        private readonly Queue<PartitionPort<T>> _assigned = new();
        private bool _hasEnded;

        public Logic(PartitionedStage<T> stage, ConsumerSession<T> session)
            : base(stage.Shape)
        {
            (_stage, _session) = (stage, session);
            SetHandler(stage._out, this);
        }

        public override void PreStart() => _session.Start(GetAsyncCallback<PartitionPort<T>>(OnAssigned), GetAsyncCallback<Exception?>(OnEnd));

        public override void OnPull() => Emit();

        public override void PostStop() => _session.Detach();

        private void OnAssigned(PartitionPort<T> port)
        {
            _assigned.Enqueue(port);
            Emit();
        }

        private void OnEnd(Exception? cause)
        {
            _hasEnded = true;
            if (cause is not null)
                FailStage(cause);
            else
                Emit();
        }

        private void Emit()
        {
            if (IsAvailable(_stage._out) && _assigned.TryDequeue(out var port))
                Push(_stage._out, new PartitionSource<T>(port.Ledger.Partition, Source.FromGraph(new PartitionStage<T>(port))));
            if (_hasEnded && _assigned.Count == 0)
                CompleteStage();
        }
    }
}
