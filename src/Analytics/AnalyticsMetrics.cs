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

    private static readonly Counter<long> Slots =
        Meter.CreateCounter<long>("stockactors.analytics.slots", "{slot}", "Attempts to run slots of jobs that ended, however they did.");

    private static readonly Counter<long> Scanned =
        Meter.CreateCounter<long>("stockactors.analytics.scanned", "By", "Bytes of the lake that queries have read, as their engine says.");

    private static readonly Counter<double> Dollars =
        Meter.CreateCounter<double>("stockactors.analytics.cost", "USD", "What a service has asked for queries.");

    private static readonly UpDownCounter<long> Held =
        Meter.CreateUpDownCounter<long>("stockactors.analytics.held", "{query}", "Queries that the analytics actor has, by whether they run or wait.");

    private static readonly Counter<long> TurnedAway =
        Meter.CreateCounter<long>("stockactors.analytics.busy", "{query}", "Queries that were answered with busy, because as many ran and waited as may.");

    /// <summary>So many queries more, or less, run or wait.</summary>
    public static void Hold(string state, int change) => Held.Add(change, new KeyValuePair<string, object?>("state", state));

    /// <summary>A query was not taken on.</summary>
    public static void Busy() => TurnedAway.Add(1);

    /// <summary>An attempt to run a slot of a job has ended.</summary>
    public static void Ran(string job, Jobs.SlotOutcomeKind outcome) =>
        Slots.Add(1, new KeyValuePair<string, object?>("job", job), new KeyValuePair<string, object?>("outcome", outcome.ToString().ToLowerInvariant()));

    /// <summary>A query has ended.</summary>
    /// <param name="engine">Where.</param>
    /// <param name="outcome">How.</param>
    /// <param name="rows">How many rows were read of it.</param>
    /// <param name="cost">What it has cost; <c>null</c> where its engine has not said.</param>
    /// <param name="elapsed">How long it has taken.</param>
    public static void Ended(string engine, QueryOutcome outcome, long rows, QueryCost? cost, TimeSpan elapsed)
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
        if (cost is not null)
        {
            Scanned.Add(cost.ScannedBytes, new KeyValuePair<string, object?>("engine", engine));
            Dollars.Add((double)cost.Dollars, new KeyValuePair<string, object?>("engine", engine));
        }
    }
}
