using StockActors.Sinks;

namespace StockActors.Node.Reports;

/// <summary>How a lane stands that has brought ticks of the day.</summary>
/// <param name="Day">What its chain says of the day.</param>
/// <param name="Now">How it stands at the moment; its lag where a Kafka was asked.</param>
internal sealed record LaneOfDay(LaneDay Day, LaneReport? Now);
