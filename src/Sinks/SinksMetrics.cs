using System.Diagnostics;
using System.Diagnostics.Metrics;
using StockActors.Market;
using StockActors.Sinks.Columns;
using StockActors.Sinks.Compaction;

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

    private static readonly Counter<long> Cuts = Meter.CreateCounter<long>(
        "stockactors.ingest.cuts", "{epoch}", "Epochs cut, by what for: bytes, records, partitions, budget, time, end, again.");

    private static readonly UpDownCounter<long> HeldBytes = Meter.CreateUpDownCounter<long>(
        "stockactors.ingest.held", "By", "What lanes hold between the log and the lake, as the budget counts it.");

    private static readonly Counter<double> Phases = Meter.CreateCounter<double>(
        "stockactors.ingest.phase.duration", "s", "What each phase of writing took, summed over lanes, which run beside each other.");

    private static readonly Counter<long> Repeats = Meter.CreateCounter<long>(
        "stockactors.store.repeats", "{request}", "Requests to a store or a catalogue that were repeated.");

    private static readonly Counter<long> Stops = Meter.CreateCounter<long>(
        "stockactors.ingest.stops", "{stop}", "Lanes that stopped for an operator to decide.");

    private static readonly Counter<long> CompactedRows = Meter.CreateCounter<long>(
        "stockactors.compaction.rows", "{row}", "Rows of partitions that were rewritten and switched.");

    private static readonly Counter<long> CompactedObjects = Meter.CreateCounter<long>(
        "stockactors.compaction.objects", "{object}", "Objects that were replaced.");

    private static readonly Counter<long> DeletedObjects = Meter.CreateCounter<long>(
        "stockactors.compaction.deleted", "{object}", "Replaced objects that were deleted.");

    internal static void Stopped(LaneStoppedException stopped) =>
        Stops.Add(1, KeyValuePair.Create("lane", (object?)stopped.Lane), KeyValuePair.Create("reason", (object?)stopped.Reason.ToString()));

    internal static void Compacted(PartitionCompacted done)
    {
        var table = KeyValuePair.Create("table", (object?)done.Partition.Table);
        CompactedRows.Add(done.Rows, table);
        CompactedObjects.Add(done.Inputs, table);
    }

    internal static void Deleted(TablePartition partition, int objects) =>
        DeletedObjects.Add(objects, KeyValuePair.Create("table", (object?)partition.Table));

    internal static Activity? StartEpoch(string topic, int lane, long first, long end) => Activities.StartActivity("epoch")
        ?.SetTag("messaging.destination.name", topic)
        .SetTag("stockactors.lane", lane)
        .SetTag("stockactors.first", first)
        .SetTag("stockactors.end", end);

    internal static void Cut(int lane, string why) => Cuts.Add(1, KeyValuePair.Create("lane", (object?)lane), KeyValuePair.Create("cut", (object?)why));

    internal static void Held(long more) => HeldBytes.Add(more);

    internal static void Spent(string phase, TimeSpan time) => Phases.Add(time.TotalSeconds, KeyValuePair.Create("phase", (object?)phase));

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
