using StockActors.Market;

namespace StockActors.Sinks;

/// <summary>
/// A lane's lake has come to a position: every record before it is a row or a dead letter. It comes once per epoch, and also, without one,
/// when a position is reached with nothing left to commit, as at the start and where the log's tail carries no records.
/// </summary>
/// <param name="Position">The position.</param>
/// <param name="Epoch">The epoch that ended there; <c>null</c> where only the position moved.</param>
public sealed record LaneCommitted(LaneOffset Position, EpochCommitted? Epoch);
