using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using StockActors.Pipeline.Dsl;

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

    internal static readonly Counter<long> Consumed = Meter.CreateCounter<long>("stockactors.consume.records", "{record}", "Records taken of the log.");

    internal static readonly Counter<double> ConsumeDuration = Meter.CreateCounter<double>("stockactors.consume.duration", "s", "What taking records from the client took.");

    /// <summary>The consumers that run, and their groups.</summary>
    internal static readonly ConcurrentDictionary<IControl, string> Consumers = new();

    static PipelineMetrics()
    {
        Meter.CreateObservableGauge("stockactors.consume.lag", () => Partitions(partition => partition.Lag), "{record}", "Offsets in the log that the stream has not been given.");
        Meter.CreateObservableGauge("stockactors.consume.queue", () => Partitions(partition => partition.Queued), "{record}", "Records fetched and not yet taken.");
    }

    private static IEnumerable<Measurement<long>> Partitions(Func<PartitionMetrics, long?> figure) =>
        from consumer in Consumers
        from partition in consumer.Key.Metrics
        let value = figure(partition)
        where value is not null
        select new Measurement<long>(value.Value,
            new("group", consumer.Value), new("topic", partition.Partition.Topic), new("lane", partition.Partition.Partition.Value));
}
