using Akka.Streams;
using Akka.Streams.Stage;
using StockActors.Pipeline.Consuming;

namespace StockActors.Pipeline.Stages;

/// <summary>One partition's elements; completes when the partition is given up or the consumer stops.</summary>
internal sealed class PartitionStage<T>(PartitionPort<T> port) : GraphStage<SourceShape<T>>
{
    private readonly Outlet<T> _out = new("PartitionStage.out");

    public override SourceShape<T> Shape => new(_out);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, port, inheritedAttributes);

    private sealed class Logic(PartitionStage<T> stage, PartitionPort<T> port, Attributes attributes) : ElementsLogic<T>(stage.Shape, stage._out, attributes)
    {
        private bool _hasEnded;

        protected override bool HasEnded => _hasEnded;

        public override void PreStart() => Attach(port);

        protected override void OnStopped(PartitionPort<T> ended) => _hasEnded = true;
    }
}
