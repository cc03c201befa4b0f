namespace StockActors.Market;

/// <summary>
/// How far a lane of a run has come: what the last record of each publishing transaction says, and all that a lane needs to go on.
/// </summary>
/// <param name="RunId">The run.</param>
/// <param name="Lane">The lane.</param>
/// <param name="Time">The simulated time reached, exclusive, in nanoseconds since 1970-01-01 UTC.</param>
/// <param name="Markets">Each symbol of the lane, ordered by symbol (ordinal).</param>
public sealed record LaneProgress(string RunId, int Lane, long Time, IReadOnlyList<MarketPosition> Markets);
