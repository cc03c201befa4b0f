using Akka;
using Akka.Streams.Dsl;
using StockActors.Pipeline.Messages;
using StockActors.Pipeline.Settings;
using StockActors.Pipeline.Stages;

namespace StockActors.Pipeline.Dsl;

/// <summary>
/// Commits how far a stream is done: only what has come to the committer, the offsets of each partition in order. What has come in is committed before
/// the stream ends, and before a partition is given up. A partition that was given up is its next owner's to commit.
/// </summary>
public static class Committer
{
    /// <summary>Commits, and passes on one element for each batch that was committed.</summary>
    public static Flow<ICommittable, Done, NotUsed> Flow(CommitterSettings settings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.MaxBatch, 1);
        return Akka.Streams.Dsl.Flow.FromGraph(new CommitterStage(settings));
    }

    /// <summary>Commits; the task is done when the stream is and all of it is committed, and fails as the stream does.</summary>
    public static Sink<ICommittable, Task<Done>> Sink(CommitterSettings settings) => Flow(settings).ToMaterialized(Akka.Streams.Dsl.Sink.Ignore<Done>(), Keep.Right);
}
