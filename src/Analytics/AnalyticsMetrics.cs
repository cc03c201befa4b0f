using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace StockActors.Analytics;

/// <summary>What this library measures: the meter <c>StockActors.Analytics</c>.</summary>
internal static class AnalyticsMetrics
{
    public const string MeterName = "StockActors.Analytics";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> Queries =
        Meter.CreateCounter<long>("stockactors.analytics.queries", "{query}", "Queries that ended, however they did.");

    private static readonly Counter<long> Failures =
        Meter.CreateCounter<long>("stockactors.analytics.failures", "{query}", "Queries that an engine refused or could not finish.");

    private static readonly Counter<long> Rows =
        Meter.CreateCounter<long>("stockactors.analytics.rows", "{row}", "Rows that were read from results.");

    private static readonly Histogram<double> Duration =
        Meter.CreateHistogram<double>("stockactors.analytics.duration", "s", "From a query's beginning to the end of its result.");

    public static void Ended(string engine, QueryOutcome outcome, long rows, TimeSpan elapsed)
    {
        var tags = new TagList
        {
            { "engine", engine },
            { "outcome", outcome switch { QueryOutcome.Completed => "completed", QueryOutcome.Failed => "failed", _ => "stopped" } },
        };
        Queries.Add(1, tags);
        if (outcome == QueryOutcome.Failed)
            Failures.Add(1, new KeyValuePair<string, object?>("engine", engine));
        Rows.Add(rows, new KeyValuePair<string, object?>("engine", engine));
        Duration.Record(elapsed.TotalSeconds, tags);
    }
}
