namespace StockActors.Analytics.Jobs;

/// <summary>What has come of an attempt to run a slot.</summary>
/// <param name="Kind">What.</param>
/// <param name="Last">The slot's last entry as far as it is known.</param>
public sealed record SlotOutcome(SlotOutcomeKind Kind, SlotEntry Last);
