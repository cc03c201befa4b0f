using StockActors.Market;

namespace StockActors.Sinks.Tests.Simulation;

/// <summary>A lane's log as one life of a process sees it.</summary>
internal sealed class SimulatedLog(SimulatedLane lane, SimulatedLake lake, SimulatedLife life) : ILaneLog
{
    public async Task<RecordBatch> PollAsync(long from, int most) =>
        await life.CallAsync(false, () => lane.Poll(from, most)) ?? throw new SimulatedFailure();

    public async ValueTask<LogExtent> ExtentAsync(CancellationToken cancellation) =>
        await life.CallAsync(false, () => new LogExtent(lane.TopicId, lane.Low, lane.High));

    public async ValueTask<bool> HoldsAsync(LaneOffset position, int leaderEpoch, CancellationToken cancellation) =>
        await life.CallAsync(false, () => true);

    public Task DeadLetterAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellation) => life.CallAsync(false, () =>
    {
        lane.DeadLetter(letters);
        return true;
    });

    public Task CommitAsync(LaneOffset position, CancellationToken cancellation) => life.CallAsync(false, () =>
    {
        lake.CheckCommit(lane, position.Offset);
        lane.Commit(position.Offset);
        return true;
    });
}
