using Akka;
using Akka.Streams.Dsl;
using StockActors.Market;

namespace StockActors.Sinks;

/// <summary>The lake as Akka.Streams shapes.</summary>
public static class LakeSink
{
    /// <summary>
    /// Writes a lane's record batches into the lake and emits what is committed. One epoch is written at a time; meanwhile the next one is
    /// gathered up to its limits, and then upstream waits. Epochs are cut when full, old or idle, and when upstream completes. Every batch
    /// is disposed of here.
    /// </summary>
    /// <param name="writer">
    /// A writer that has recovered, read on from where it said; it serves one materialisation. The flow fails with what the writer throws
    /// (<see cref="LaneLostException"/>, <see cref="LaneStoppedException"/>, <see cref="LakeException"/>); what was not committed then
    /// comes again to the writer that recovers the lane next.
    /// </param>
    public static Flow<RecordBatch, LaneCommitted, NotUsed> Lane(LaneWriter writer) => Flow.FromGraph(new LaneStage(writer));
}
