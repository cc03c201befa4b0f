using StockActors.Market;

namespace StockActors.Node.Markets;

/// <summary>A lane at one instant.</summary>
/// <param name="IsHere">Whether this node publishes it now.</param>
/// <param name="From">Where it went on from; <c>null</c> before it did.</param>
/// <param name="ReplayTime">How long its markets took then to re-play the day up to there; <c>null</c> where there was nothing to re-play.</param>
/// <param name="Time">The simulated time that the log has acknowledged.</param>
/// <param name="Emitted">Ticks that its markets have made.</param>
/// <param name="Acknowledged">Ticks that the log has acknowledged.</param>
/// <param name="InLake">Rows that have come into the lake, whoever produced them.</param>
/// <param name="Markets">Its symbols, as far as they have traded.</param>
internal sealed record LaneState(
    bool IsHere, LaneProgress? From, TimeSpan? ReplayTime, long Time, TickCounts Emitted, TickCounts Acknowledged, long InLake, IReadOnlyList<MarketLine> Markets);
