using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Confluent.Kafka;
using StockActors.Market;
using StockActors.Node.Terminal;
using StockActors.Pipeline.Dsl;
using StockActors.Pipeline.Settings;
using StockActors.Sinks;
using StockActors.Sinks.Audit;

namespace StockActors.Node.Commands;

/// <summary><c>stockactors audit</c>: the proof that a lake is what its chains, the log and a query engine say.</summary>
internal static class AuditCommand
{
    public static Command Create()
    {
        var full = new Option<bool>("--full") { Description = "Count the topic's records in the log too, epoch by epoch, as far as it has them." };
        var engine = new Option<string?>("--engine") { HelpName = "duckdb", Description = "Have a query engine count the rows too." };
        engine.AcceptOnlyFromAmong("duckdb");
        var json = Flags.Json("Print the report as one JSON object; everything else goes to standard error.");
        var command = new Command("audit",
            """
            Prove that a lake is what its chains say: entries tile the offsets, every object has its rows and checksum, none stands in a table's location that
            no chain lists, compacted partitions have the rows they were made of, and each (run, symbol)'s sequence has no gap and no number twice across
            trades, quotes and status. Every finding names lane, offsets and key. The exit code is 0 only when all that was asked holds. Ingest may go on
            meanwhile; with --engine or a compaction under way, counts may differ by what comes in between.

            Example: stockactors audit --topic ticks --lake ./lake --full --engine duckdb
            """)
        {
            Flags.Topic(), Flags.Lake(), Flags.Database(), full, engine, Flags.Kafka(), json,
        };
        command.SetAction(CommandHost.Action((parsed, context) => RunAsync(context, parsed.GetValue(full), parsed.GetValue(engine), parsed.GetValue(json))));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, bool full, string? engine, bool json)
    {
        var started = TimeProvider.System.GetTimestamp();
        var told = json ? context.Error : context.Out;
        var lake = context.Settings.Lake.OpenExisting();
        var log = full ? await CountLogAsync(context, told) : null;
        var looked = 0;
        var audit = LakeAudit.RunAsync(lake, log, new Reported<int>(objects => Volatile.Write(ref looked, objects)), context.Stop);
        await ProgressLines.WhileAsync(audit, told, () => $"{Volatile.Read(ref looked):N0} objects looked at");
        var report = await audit;
        var findings = report.Findings.ToList();
        if (engine is not null)
            findings.AddRange(await CountSqlAsync(context, lake, report.Rows));

        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        if (json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(new
            {
                lake = lake.Location,
                clean = findings.Count == 0,
                chains = report.Chains,
                entries = report.Entries,
                objects = report.Objects,
                rows = new { trades = report.Rows.Trades, quotes = report.Rows.Quotes, status = report.Rows.Status, bars = report.Rows.Bars, all = report.Rows.Total },
                findings = findings.Select(f => new { kind = f.Kind.ToString(), what = f.What, lane = f.Lane, first = f.First, end = f.End, key = f.Key }),
                notes = report.Notes,
                seconds = Math.Round(seconds, 3),
            }));
        }
        else
        {
            foreach (var note in report.Notes)
                context.Out.WriteLine($"note     {note}");
            foreach (var finding in findings)
                context.Out.WriteLine($"FINDING  {finding.Kind}: {finding.What}");
            context.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Chains:N0} chains, {report.Entries:N0} entries, {report.Objects:N0} objects, {report.Rows.Total:N0} rows, {seconds:0.0} s: {(findings.Count == 0 ? "all holds" : $"{findings.Count:N0} findings")}"));
        }

        return findings.Count == 0 ? CommandHost.Ok : CommandHost.Failed;
    }

    private static async Task<IEnumerable<AuditFinding>> CountSqlAsync(CommandContext context, Lake lake, TickCounts rows)
    {
        var findings = new List<AuditFinding>();
        await using var engine = Queries.Engine(lake, context.Settings.Analytics);
        foreach (var (table, expected) in new[] { ("trades", rows.Trades), ("quotes", rows.Quotes), ("status", rows.Status), ("bars", rows.Bars) })
        {
            await using var result = await engine.ExecuteAsync($"select count(*) from {table}", context.Stop);
            var counted = 0L;
            await foreach (var page in result.ReadPagesAsync(context.Stop))
                counted += (long)page[0][0]!;
            if (counted != expected)
                findings.Add(new AuditFinding(FindingKind.Engine, $"DuckDB counts {counted} rows of {table}, the objects have {expected}"));
        }

        return findings;
    }

    /// <summary>The offsets of all records that the topic has, by lane, and from them how many lie in a range.</summary>
    private static async Task<Func<string, int, long, long, Task<long?>>> CountLogAsync(CommandContext context, TextWriter told)
    {
        using var broker = await Broker.ConnectAsync(context.Settings.Kafka, context.Stop);
        var topic = await broker.Log.RequireAsync(context.Settings.Kafka.Topic, context.Stop);
        var extents = new List<(long Low, long High)>();
        for (var lane = 0; lane < topic.Lanes; lane++)
            extents.Add(await broker.Log.ExtentAsync(topic.Name, lane, context.Stop));
        var offsets = extents.Select(_ => new List<long>()).ToArray();
        var open = extents.Count(extent => extent.Low < extent.High);
        if (open > 0)
        {
            using var system = ActorSystem.Create("audit", "akka { loglevel = ERROR, stdout-loglevel = ERROR }");
            using var materializer = system.Materializer();
            var (consumer, read) = KafkaConsumer
                .BatchedPartitionedSource(
                    new ConsumerSettings(broker.Kafka, "stockactors-audit"),
                    Subscriptions.AssignmentWithOffset([.. extents.Index().Where(lane => lane.Item.Low < lane.Item.High).Select(lane => new TopicPartitionOffset(topic.Name, lane.Index, lane.Item.Low))]))
                .Via(Flow.Create<PartitionSource<RecordBatch>>().MergeMany(topic.Lanes, lane => lane.Source))
                .TakeWhile(Take)
                .ToMaterialized(Sink.Ignore<RecordBatch>(), Keep.Both)
                .Run(materializer);
            await using var stop = context.Stop.Register(consumer.Stop);
            await ProgressLines.WhileAsync(read, told, () => $"{offsets.Sum(lane => (long)lane.Count):N0} records of the log counted");
            await consumer.Shutdown();
            context.Stop.ThrowIfCancellationRequested();

            bool Take(RecordBatch batch)
            {
                using (batch)
                {
                    for (var i = 0; i < batch.Count; i++)
                        offsets[batch.Lane].Add(batch[i].Offset);
                    return batch.FirstOffset >= extents[batch.Lane].High || batch.NextOffset < extents[batch.Lane].High || --open > 0;
                }
            }
        }

        return (topicId, lane, first, end) => Task.FromResult<long?>(
            topicId == topic.Id && lane < topic.Lanes && first >= extents[lane].Low && end <= extents[lane].High ? Below(lane, end) - Below(lane, first) : null);

        long Below(int lane, long offset)
        {
            var at = offsets[lane].BinarySearch(offset);
            return at < 0 ? ~at : at;
        }
    }
}
