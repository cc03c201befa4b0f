using StockActors.Market;

namespace StockActors.Pipeline;

/// <summary>One transaction that the log has acknowledged.</summary>
/// <param name="Progress">Where the lane stands after it.</param>
/// <param name="Ticks">The ticks in it, and the records beside them.</param>
/// <param name="Bytes">Bytes of their keys and values.</param>
/// <param name="Interventions">What was done to the lane's markets in it, in its order.</param>
public sealed record LanePublished(LaneProgress Progress, TickCounts Ticks, long Bytes, IReadOnlyList<Intervention> Interventions);
