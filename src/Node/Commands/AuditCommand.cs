using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Confluent.Kafka;
using StockActors.Market;
using StockActors.Node.Terminal;
using StockActors.Pipeline;
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
        var full = new Option<bool>("--full") { Description = "Count all of the log that there is; by default what has come since the last audit that found nothing." };
        var engine = Flags.Engine("Have a query engine count the rows too.");
        var json = Flags.Json("Print the report as one JSON object; everything else goes to standard error.");
        var command = new Command("audit",
            """
            Prove that a lake is what its chains say: entries tile the offsets, every object has its rows and checksum, none stands in a table's location that
            no chain lists, compacted partitions have the rows they were made of, and each (run, symbol)'s sequence has no gap and no number twice across
            trades, quotes and status, in orders, and across truth and runs. All chains of the lake are walked; the records of --topic are counted in the log too, epoch by epoch, where a Kafka is
            configured. Every finding names lane, offsets and key. The exit code is 0 only when all that was asked holds. Ingest may go on meanwhile; with
            --engine or a compaction under way, counts may differ by what comes in between.

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
        var notes = new List<string>();
        var log = await CountLogAsync(context, lake, full, notes, told);
        var looked = 0;
        var audit = LakeAudit.RunAsync(lake, log, new Reported<int>(objects => Volatile.Write(ref looked, objects)), context.Stop);
        await ProgressLines.WhileAsync(audit, told, () => $"{Volatile.Read(ref looked):N0} objects looked at");
        var report = await audit;
        var findings = report.Findings.ToList();
        if (engine is not null)
            findings.AddRange(await CountSqlAsync(context, lake, engine, report.Rows));
        notes.AddRange(report.Notes);
        if (findings.Count == 0)
        {
            foreach (var (topicId, lane, end) in report.Counted)
                await AuditMark.SetAsync(lake, topicId, lane, end, context.Stop);
        }

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
                rows = Balance.Json(report.Rows),
                counted = report.Counted.Select(lane => new { topicId = lane.TopicId, lane = lane.Lane, end = lane.End }),
                findings = findings.Select(f => new { kind = f.Kind.ToString(), what = f.What, lane = f.Lane, first = f.First, end = f.End, key = f.Key }),
                notes,
                seconds = Math.Round(seconds, 3),
            }));
        }
        else
        {
            foreach (var note in notes)
                context.Out.WriteLine($"note     {note}");
            foreach (var finding in findings)
                context.Out.WriteLine($"FINDING  {finding.Kind}: {finding.What}");
            context.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Chains:N0} chains, {report.Entries:N0} entries, {report.Objects:N0} objects, {report.Rows.Total:N0} rows, {seconds:0.0} s: {(findings.Count == 0 ? "all holds" : $"{findings.Count:N0} findings")}"));
        }

        return findings.Count == 0 ? CommandHost.Ok : CommandHost.Failed;
    }

    private static async Task<IEnumerable<AuditFinding>> CountSqlAsync(CommandContext context, Lake lake, string name, TickCounts rows)
    {
        var findings = new List<AuditFinding>();
        var engine = await Queries.EngineAsync(lake, context.Settings.Analytics, name, context.Stop);
        await using var closing = engine as IAsyncDisposable;
        foreach (var kind in Enum.GetValues<TickKind>().Where(kind => !TickFeeds.IsBeside(kind) || rows[kind] > 0))
        {
            var (table, expected) = (LakeTable.NameOf(kind), rows[kind]);
            await using var result = await engine.ExecuteAsync($"select count(*) from {table}", context.Stop);
            var counted = 0L;
            await foreach (var page in result.ReadPagesAsync(context.Stop))
                counted += (long)page[0][0]!;
            if (counted != expected)
                findings.Add(new AuditFinding(FindingKind.Engine, $"{name} counts {counted} rows of {table}, the objects have {expected}"));
        }

        return findings;
    }

    /// <summary>
    /// The offsets of the records that the topic has, by lane, and from them how many lie in a range: from where the last audit that found nothing has
    /// counted to on, or all. <c>null</c> where there is no log to count.
    /// </summary>
    private static async Task<Func<string, int, long, long, Task<long?>>?> CountLogAsync(CommandContext context, Lake lake, bool full, List<string> notes, TextWriter told)
    {
        if (!full && context.Settings.Kafka.BootstrapServers is not { Length: > 0 })
        {
            notes.Add("the log was not counted: no Kafka is configured");
            return null;
        }

        using var broker = await Broker.ConnectAsync(context.Settings.Kafka, context.Stop);
        var topic = full ? await broker.Log.RequireAsync(context.Settings.Kafka.Topic, context.Stop) : await broker.Log.FindAsync(context.Settings.Kafka.Topic, context.Stop);
        if (topic is null)
        {
            notes.Add($"the log was not counted: there is no topic {context.Settings.Kafka.Topic} at {broker.Kafka.BootstrapServers}");
            return null;
        }

        List<Func<string, int, long, long, long?>> counts = [await CountTopicAsync(context, lake, broker, topic, full, notes, told)];
        foreach (var feed in TickFeeds.Beside)
        {
            if (await broker.Log.FindAsync(TickFeeds.TopicOf(topic.Name, feed), context.Stop) is { } beside)
                counts.Add(await CountTopicAsync(context, lake, broker, beside, full, notes, told));
        }

        return (topicId, lane, first, end) => Task.FromResult(counts.Select(count => count(topicId, lane, first, end)).FirstOrDefault(count => count is not null));
    }

    private static async Task<Func<string, int, long, long, long?>> CountTopicAsync(
        CommandContext context, Lake lake, Broker broker, LogTopic topic, bool full, List<string> notes, TextWriter told)
    {
        var extents = new List<(long Low, long High)>();
        for (var lane = 0; lane < topic.Lanes; lane++)
        {
            var extent = await broker.Log.ExtentAsync(topic.Name, lane, context.Stop);
            var from = full ? 0 : await AuditMark.FindAsync(lake, topic.Id, lane, context.Stop) ?? 0;
            if (from > 0 && extent.Low > from)
                notes.Add($"lane {lane} of {topic.Name}: the log has dropped offsets {from} to {extent.Low} before an audit has counted them");
            extents.Add((Math.Max(extent.Low, Math.Min(from, extent.High)), extent.High));
        }

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

        return (topicId, lane, first, end) =>
            topicId == topic.Id && lane < topic.Lanes && first >= extents[lane].Low && end <= extents[lane].High ? Below(lane, end) - Below(lane, first) : null;

        long Below(int lane, long offset)
        {
            var at = offsets[lane].BinarySearch(offset);
            return at < 0 ? ~at : at;
        }
    }
}
