using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace StockActors.Simulator;

/// <summary>What this library measures and traces of itself: meter and activity source <c>StockActors.Simulator</c>.</summary>
public static class SimulatorMetrics
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "StockActors.Simulator";

    private static readonly Meter Meter = new(Name);

    internal static readonly ActivitySource Activities = new(Name);

    internal static readonly Counter<long> Ticks = Meter.CreateCounter<long>("stockactors.market.ticks", "{tick}", "Ticks that markets have made, re-played ones not counted.");

    internal static readonly Counter<long> Steps = Meter.CreateCounter<long>("stockactors.market.steps", "{step}", "Steps of simulated time, one a lane.");

    internal static readonly Counter<long> Failures = Meter.CreateCounter<long>("stockactors.market.failures", "{failure}", "Steps that a market failed to make or answered too late; it is caught up or quarantined.");

    internal static readonly Counter<long> Quarantined = Meter.CreateCounter<long>("stockactors.market.quarantined", "{symbol}", "Symbols that were halted because their markets failed again and again.");
}
