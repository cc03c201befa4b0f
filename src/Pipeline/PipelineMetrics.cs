using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace StockActors.Pipeline;

/// <summary>What this library measures and traces of itself: meter and activity source <c>StockActors.Pipeline</c>.</summary>
public static class PipelineMetrics
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "StockActors.Pipeline";

    private static readonly Meter Meter = new(Name);

    internal static readonly ActivitySource Activities = new(Name);

    internal static readonly Counter<long> Published = Meter.CreateCounter<long>("stockactors.publish.ticks", "{tick}", "Ticks in committed transactions.");

    internal static readonly Counter<long> Transactions = Meter.CreateCounter<long>("stockactors.publish.transactions", "{transaction}", "Committed transactions.");

    internal static readonly Histogram<double> CommitDuration = Meter.CreateHistogram<double>("stockactors.publish.transaction.duration", "s", "From a transaction's first record to its commit.");
}
