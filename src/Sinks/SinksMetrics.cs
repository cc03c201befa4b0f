using System.Diagnostics;
using System.Diagnostics.Metrics;
using StockActors.Market;
using StockActors.Sinks.Columns;

namespace StockActors.Sinks;

/// <summary>What this library measures: meter and activity source <c>StockActors.Sinks</c>.</summary>
public static class SinksMetrics
{
    /// <summary>The name of both.</summary>
    public const string Name = "StockActors.Sinks";

    private static readonly Meter Meter = new(Name);
    private static readonly ActivitySource Activities = new(Name);

    private static readonly Counter<long> Rows = Meter.CreateCounter<long>(
        "stockactors.ingest.rows", "{row}", "Rows committed to the lake.");

    private static readonly Counter<long> Epochs = Meter.CreateCounter<long>(
        "stockactors.ingest.epochs", "{epoch}", "Epochs committed to the lake.");

    private static readonly Counter<long> Dead = Meter.CreateCounter<long>(
        "stockactors.ingest.dead", "{record}", "Records that became dead letters.");

    private static readonly Counter<long> RecordBytes = Meter.CreateCounter<long>(
        "stockactors.ingest.record.bytes", "By", "Bytes of the keys and values of committed records.");

    private static readonly Counter<long> ObjectBytes = Meter.CreateCounter<long>(
        "stockactors.ingest.object.bytes", "By", "Bytes of the data objects of committed epochs.");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "stockactors.ingest.epoch.duration", "s", "From an epoch's cut to its commit.");

    private static readonly Counter<long> Repeats = Meter.CreateCounter<long>(
        "stockactors.store.repeats", "{request}", "Requests to a store or a catalogue that were repeated.");

    internal static Activity? StartEpoch(string topic, int lane, long first, long end) => Activities.StartActivity("epoch")
        ?.SetTag("messaging.destination.name", topic)
        .SetTag("stockactors.lane", lane)
        .SetTag("stockactors.first", first)
        .SetTag("stockactors.end", end);

    internal static void Repeated(string service) => Repeats.Add(1, KeyValuePair.Create("service", (object?)service));

    internal static void Committed(EpochCommitted epoch)
    {
        var lane = KeyValuePair.Create("lane", (object?)epoch.Lane);
        foreach (var kind in Enum.GetValues<TickKind>())
            Rows.Add(epoch.Rows[kind], lane, KeyValuePair.Create("table", (object?)PartitionSlot.Tables[(int)kind]));
        Epochs.Add(1, lane);
        Dead.Add(epoch.Dead, lane);
        RecordBytes.Add(epoch.RecordBytes, lane);
        ObjectBytes.Add(epoch.ObjectBytes, lane);
        Duration.Record(epoch.Duration.TotalSeconds, lane);
    }
}
