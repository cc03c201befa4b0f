using StockActors.Market;

namespace StockActors.Sinks;

/// <summary>What a lane's writer asks of the log beside its records.</summary>
public interface ILaneLog
{
    /// <summary>The topic's id and the lane's offsets, asked of the broker now and not remembered.</summary>
    ValueTask<LogExtent> ExtentAsync(CancellationToken cancellation);

    /// <summary>
    /// Whether the log still has what stood before a position under a leader's epoch; <c>false</c> where that epoch ended below it, so that
    /// other records stand there now, or will. Asked only where the log reaches that far.
    /// </summary>
    ValueTask<bool> HoldsAsync(LaneOffset position, int leaderEpoch, CancellationToken cancellation);

    /// <summary>Produces dead letters and returns once they are durable. The same ones may come again after a crash.</summary>
    Task DeadLetterAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellation);

    /// <summary>Tells the log's consumer group how far the lake is, for the lag that tools show; the chain is the truth.</summary>
    Task CommitAsync(LaneOffset position, CancellationToken cancellation);
}
