using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using StockActors.Market;
using StockActors.Pipeline;
using StockActors.Sinks;

namespace StockActors.Node.Commands;

/// <summary><c>stockactors lane</c>: how a lake's lanes stand, and what an operator decides where one has stopped.</summary>
internal static class LaneCommand
{
    public static Command Create() => new("lane",
        """
        A lane is one partition of a topic and its chain in a lake. It stops, while the others go on, where going on by itself would lose records or
        have some twice: the log no longer has what was not yet in the lake, brokers lost what was, the topic was created again, a chain entry or an
        object is damaged. 'show' says which have stopped and why; 'accept' gives up what can't be had back, in so many words, in the lane's chain;
        'resume' has a lane tried again once its cause is mended. A running ingest notices either within seconds.

        Example: stockactors lane show --topic ticks --lake ./lake
        """)
    {
        Show(), Accept(), Resume(),
    };

    private static Command Show()
    {
        var lane = Lane();
        var json = Flags.Json("One JSON array, an object a lane.");
        var command = new Command("show",
            """
            Show each lane's chain: up to where it is committed, what the log has, how far behind the lake is, and why it has stopped, if it has. Without a
            configured Kafka it shows what the lake says. Chains of earlier topics of the same name are shown too.

            Example: stockactors lane show --topic ticks --lake ./lake --lane 2
            """)
        {
            Flags.Topic(), Flags.Lake(), lane, Flags.Kafka(), json,
        };
        command.SetAction(CommandHost.Action((parsed, context) => ShowAsync(context, parsed.GetValue(lane), parsed.GetValue(json))));
        return command;
    }

    private static Command Accept()
    {
        var lane = Lane();
        var topicId = new Option<string?>("--topic-id")
        {
            HelpName = "ID",
            Description = "A topic that is gone for good, by its id ('lane show' has it): what its lanes have not finished is given up.",
        };
        var json = Flags.Json("One JSON array, an object a lane.");
        var command = new Command("accept",
            """
            Accept what a lane has stopped for. A gap, or what an unfinished epoch lacks, is given up: an entry in the lane's chain says so for ever, and the
            lane goes on behind it. A topic that was created again begins a chain of its own. What can be had back is not accepted: restore it, then
            'stockactors lane resume'.

            Example: stockactors lane accept --topic ticks --lake ./lake --lane 2
            """)
        {
            Flags.Topic(), Flags.Lake(), lane, topicId, Flags.Kafka(), json,
        };
        command.SetAction(CommandHost.Action((parsed, context) => AcceptAsync(context, parsed.GetValue(lane), parsed.GetValue(topicId), parsed.GetValue(json))));
        return command;
    }

    private static Command Resume()
    {
        var lane = Lane();
        var json = Flags.Json("One JSON array, an object a lane.");
        var command = new Command("resume",
            """
            Have stopped lanes tried again, once what they had stopped for is mended. The ingest that owns a lane recovers it anew within seconds; if nothing
            was mended, it stops again.

            Example: stockactors lane resume --topic ticks --lake ./lake
            """)
        {
            Flags.Topic(), Flags.Lake(), lane, Flags.Kafka(), json,
        };
        command.SetAction(CommandHost.Action((parsed, context) => ResumeAsync(context, parsed.GetValue(lane), parsed.GetValue(json))));
        return command;
    }

    private static Option<int?> Lane()
    {
        var lane = new Option<int?>("--lane") { HelpName = "N", Description = "One lane; all by default." };
        lane.Validators.Add(Flags.NotNegative);
        return lane;
    }

    private static async Task<int> ShowAsync(CommandContext context, int? lane, bool json)
    {
        var (topic, lake) = (context.Settings.Kafka.Topic, context.Settings.Lake.OpenExisting());
        using var broker = await Broker.ConnectIfConfiguredAsync(context.Settings.Kafka, context.Stop);
        var found = broker is null ? null : await broker.Log.FindAsync(topic, context.Stop);
        var reports = (await Control(lake, topic).ShowAsync(async n => broker is null ? null : await broker.ExtentAsync(found, n, context.Stop), context.Stop))
            .Where(report => lane is null || report.Lane == lane).ToList();
        if (json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(reports.Select(Json)));
            return CommandHost.Ok;
        }

        if (reports.Count == 0)
            throw new CommandException($"The lake {lake.Location} has no chain of {(lane is null ? "" : $"lane {lane} of ")}topic {topic}. 'stockactors ingest --topic {topic}' begins it; --topic and --lake name others.");
        foreach (var id in reports.GroupBy(report => report.TopicId))
        {
            var where = broker is null ? "no Kafka is configured" : found?.Id == id.Key ? $"at {broker.Kafka.BootstrapServers}" : $"gone from {broker.Kafka.BootstrapServers}";
            context.Out.WriteLine($"{topic}, topic id {id.Key}, {where}");
            foreach (var report in id)
                Write(context.Out, report);
        }

        return CommandHost.Ok;
    }

    private static void Write(TextWriter to, LaneReport report)
    {
        var culture = CultureInfo.InvariantCulture;
        to.Write(string.Create(culture, $"  lane {report.Lane}  committed to {report.CommittedEnd:N0}"));
        if (report.End > report.CommittedEnd)
            to.Write(string.Create(culture, $", an epoch to {report.End:N0} is unfinished"));
        if (report.Log is { } log)
            to.Write(string.Create(culture, $"; the log has {log.Low:N0} to {log.High:N0}, {report.Lag:N0} to go"));
        to.WriteLine(report.Entries == 0 ? "" : string.Create(culture, $"; {report.Entries:N0} entries, by {report.WrittenBy.Split('/')[0]} {report.WrittenAt:u}"));
        if (report.Stopped is { } stopped)
            to.WriteLine(string.Create(culture, $"          STOPPED {stopped.At:u} on {stopped.By}: {stopped.Message}"));
    }

    private static object Json(LaneReport report) => new
    {
        topic = report.Topic,
        topic_id = report.TopicId,
        lane = report.Lane,
        entries = report.Entries,
        head = report.Head,
        end = report.End,
        committed = report.CommittedEnd,
        written_by = report.WrittenBy,
        written_at = report.WrittenAt,
        log = report.Log is { } log ? new { low = log.Low, high = log.High } : null,
        lag = report.Lag,
        stopped = report.Stopped is { } stopped ? new { reason = stopped.Reason.ToString(), message = stopped.Message, at = stopped.At, by = stopped.By } : null,
    };

    private static async Task<int> AcceptAsync(CommandContext context, int? lane, string? goneId, bool json)
    {
        var (topic, lake) = (context.Settings.Kafka.Topic, context.Settings.Lake.OpenExisting());
        var control = Control(lake, topic);
        using var broker = goneId is null ? await Broker.ConnectAsync(context.Settings.Kafka, context.Stop) : null;
        var found = broker is null ? null : await broker.Log.RequireAsync(topic, context.Stop);
        var id = goneId ?? found!.Id;
        var lanes = lane is { } one ? [one]
            : goneId is null ? Enumerable.Range(0, found!.Lanes)
            : (await control.ShowAsync(_ => Task.FromResult<LogExtent?>(null), context.Stop)).Where(report => report.TopicId == goneId).Select(report => report.Lane);
        var accepted = new List<LaneAcceptance>();
        foreach (var n in lanes)
        {
            var log = broker is null ? null : new OperatorLog(broker.Log, topic, n);
            if (await control.AcceptAsync(log, id, n, context.Stop) is { } acceptance)
                accepted.Add(acceptance);
        }

        if (json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(accepted.Select(a => new { lane = a.Lane, entry = a.Entry, what = a.What, goes_on_from = a.GoesOnFrom })));
        }
        else
        {
            foreach (var a in accepted)
                context.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"lane {a.Lane} goes on from offset {a.GoesOnFrom}; accepted with entry {a.Entry}: {a.What}"));
            if (accepted.Count == 0)
                context.Out.WriteLine($"There is nothing to accept{(lane is null ? "" : $" in lane {lane}")} of {topic}: the log has all that the lake lacks. A stopped lane is tried again.");
        }

        return CommandHost.Ok;
    }

    private static async Task<int> ResumeAsync(CommandContext context, int? lane, bool json)
    {
        var (topic, lake) = (context.Settings.Kafka.Topic, context.Settings.Lake.OpenExisting());
        var control = Control(lake, topic);
        var resumed = new List<LaneReport>();
        foreach (var report in await control.ShowAsync(_ => Task.FromResult<LogExtent?>(null), context.Stop))
        {
            if (report.Stopped is not null && (lane is null || report.Lane == lane) && await control.ResumeAsync(report.TopicId, report.Lane, context.Stop) is not null)
                resumed.Add(report);
        }

        if (json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(resumed.Select(report => new { lane = report.Lane, topic_id = report.TopicId, was = report.Stopped!.Reason.ToString() })));
        }
        else
        {
            foreach (var report in resumed)
                context.Out.WriteLine($"lane {report.Lane} is tried again; it had stopped: {report.Stopped!.Message}");
            if (resumed.Count == 0)
                context.Out.WriteLine($"{(lane is null ? "No lane" : $"Lane {lane}")} of {topic} {(lane is null ? "has" : "has not")} stopped in {lake.Location}.");
        }

        return CommandHost.Ok;
    }

    private static LaneControl Control(Lake lake, string topic) => new(lake, topic, Environment.MachineName);

    /// <summary>The log as an operator's command asks it: it writes nothing there.</summary>
    private sealed class OperatorLog(KafkaLog log, string topic, int lane) : ILaneLog
    {
        public async ValueTask<LogExtent> ExtentAsync(CancellationToken cancellation)
        {
            var now = await log.RequireAsync(topic, cancellation);
            var (low, high) = await log.ExtentAsync(topic, lane, cancellation);
            return new LogExtent(now.Id, low, high);
        }

        public async ValueTask<bool> HoldsAsync(LaneOffset position, int leaderEpoch, CancellationToken cancellation) =>
            await log.HoldsAsync(position, leaderEpoch, cancellation);

        public Task DeadLetterAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellation) => throw new NotSupportedException();

        public Task CommitAsync(LaneOffset position, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
