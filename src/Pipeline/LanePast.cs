using StockActors.Market;

namespace StockActors.Pipeline;

/// <summary>What the log says of a run in a lane.</summary>
/// <param name="Progress">How far it has been published; <c>null</c> where it has not begun.</param>
/// <param name="Interventions">What was done to its markets up to there, in their order.</param>
/// <param name="At">When the progress was written; meaningless without one.</param>
public sealed record LanePast(LaneProgress? Progress, IReadOnlyList<Intervention> Interventions, DateTime At);
