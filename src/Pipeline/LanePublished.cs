using StockActors.Market;

namespace StockActors.Pipeline;

/// <summary>One transaction that the log has acknowledged.</summary>
/// <param name="Progress">Where the lane stands after it.</param>
/// <param name="Ticks">The ticks in it.</param>
/// <param name="Bytes">Bytes of their keys and values.</param>
public sealed record LanePublished(LaneProgress Progress, TickCounts Ticks, long Bytes);
