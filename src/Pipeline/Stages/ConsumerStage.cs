using Akka.Streams;
using Akka.Streams.Stage;
using StockActors.Pipeline.Consuming;
using StockActors.Pipeline.Dsl;

namespace StockActors.Pipeline.Stages;

/// <summary>The elements of all partitions that a consumer has, those of each in their order.</summary>
internal sealed class ConsumerStage<T>(Func<ConsumerSession<T>> sessionOf) : GraphStageWithMaterializedValue<SourceShape<T>, IControl>
{
    private readonly Outlet<T> _out = new("ConsumerStage.out");

    public override SourceShape<T> Shape => new(_out);

    public override ILogicAndMaterializedValue<IControl> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var session = sessionOf();
        return new LogicAndMaterializedValue<IControl>(new Logic(this, session, inheritedAttributes), session);
    }

    private sealed class Logic(ConsumerStage<T> stage, ConsumerSession<T> session, Attributes attributes) : ElementsLogic<T>(stage.Shape, stage._out, attributes)
    {
        private bool _hasEnded;

        protected override bool HasEnded => _hasEnded;

        public override void PreStart() => session.Start(GetAsyncCallback<PartitionPort<T>>(Attach), GetAsyncCallback<Exception?>(OnEnd));

        public override void PostStop()
        {
            base.PostStop();
            session.Detach();
        }

        private void OnEnd(Exception? cause)
        {
            _hasEnded = true;
            if (cause is not null)
                FailStage(cause);
            else
                Emit();
        }
    }
}
