using StockActors.Market;
using StockActors.Pipeline;
using StockActors.Sinks;

namespace StockActors.Node.Ingest;

/// <summary>What a lane's writer needs of the log, over Kafka.</summary>
internal sealed class LaneLog(KafkaLog log, string topic, int lane, DeadLetters dead, Func<ConsumerSession> session) : ILaneLog
{
    public async ValueTask<LogExtent> ExtentAsync(CancellationToken cancel)
    {
        var now = await log.RequireAsync(topic, cancel);
        var (low, high) = await log.ExtentAsync(topic, lane, cancel);
        return new LogExtent(now.Id, low, high);
    }

    public async ValueTask<bool> HoldsAsync(LaneOffset position, int leaderEpoch, CancellationToken cancel) =>
        await log.HoldsAsync(position, leaderEpoch, cancel);

    public Task DeadLetterAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancel) =>
        dead.WriteAsync(lane, [.. letters.Select(l => (l.Offset, (byte[]?)l.Key, l.Value, l.Reason))], cancel);

    /// <summary>The chain is the truth; a group that has just taken the lane away is told nothing, its next member reads the chain.</summary>
    public async Task CommitAsync(LaneOffset done, CancellationToken cancel) => await session().CommitAsync(done, cancel);
}
