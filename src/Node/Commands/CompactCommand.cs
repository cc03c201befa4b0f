using System.CommandLine;
using System.Text.Json;
using StockActors.Node.Ingest;
using StockActors.Node.Terminal;
using StockActors.Sinks;
using StockActors.Sinks.Compaction;

namespace StockActors.Node.Commands;

/// <summary><c>stockactors compact</c>: closed partitions rewritten as few large objects.</summary>
internal static class CompactCommand
{
    private const int Tries = 5;

    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        var partitions = new Option<string[]>("--partition")
        {
            HelpName = "TABLE/PATH",
            Description = "Only this partition, whether it looks closed or not, such as trades/dt=2026-01-05/hour=14. Repeat it for more.",
            AllowMultipleArgumentsPerToken = false,
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be compacted, and do nothing." };
        var keep = new Option<bool>("--keep-replaced") { Description = "Leave the replaced objects to a later pass, and do not wait for the grace." };
        var json = Flags.Json("Print the summary as one JSON object; everything else goes to standard error.");
        var command = new Command("compact",
            """
            Rewrite closed partitions of a lake, each once ever, as few large objects sorted by symbol and sequence. Ingest and queries go on meanwhile:
            readers see the old objects or the new ones, never both or neither. A partition is closed once its time has passed and nothing has come for a
            while (--quiet-for). Replaced objects are deleted after a grace (--grace) that must be longer than the longest query. An ingesting node does the
            same by itself, in passes; any number may run at once, and one that is stopped is finished by the next. An epoch that its owner has left
            unfinished for 15 minutes is finished first, where a Kafka is configured that has its topic.

            Example: stockactors compact --lake ./lake --quiet-for 1h --grace 10m
            """)
        {
            Flags.Lake(), Flags.Database(), partitions,
            new SettingFlag("--quiet-for", "Ingest:CompactAfter", "TIME", "How long nothing may have come into a partition (default 15m)."),
            new SettingFlag("--grace", "Ingest:CompactGrace", "TIME", "How long replaced objects stay (default 10m)."),
            new SettingFlag("--rows", "Ingest:CompactRows", "N", "Rows of an object (default 1000000); a compaction that was begun keeps its figure."),
            keep, dryRun, Flags.Kafka(), json,
        };
        command.SetAction(CommandHost.Action((parsed, context) =>
            RunAsync(context, parsed.GetValue(partitions) ?? [], parsed.GetValue(keep), parsed.GetValue(dryRun), parsed.GetValue(json))));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string[] asked, bool keep, bool dryRun, bool json)
    {
        var told = json ? context.Error : context.Out;
        var lake = context.Settings.Lake.OpenExisting();
        using var broker = context.Settings.Kafka.BootstrapServers is { Length: > 0 } ? await Broker.ConnectAsync(context.Settings.Kafka, context.Stop) : null;
        var compactor = new Compactor(lake, Environment.MachineName, CompactionRun.OptionsOf(context.Settings.Ingest, broker is null ? null : new EpochFinisher(lake, broker.Log)));
        IReadOnlyList<TablePartition> partitions = asked.Length > 0
            ? await NamedAsync(lake, compactor, asked, context.Stop)
            : [.. await compactor.FindAsync(context.Stop), .. await compactor.FindLeftBehindAsync(context.Stop)];
        if (dryRun)
        {
            if (json)
                context.Out.WriteLine(JsonSerializer.Serialize(new { lake = lake.Location, partitions = partitions.Select(partition => partition.ToString()) }));
            else
                context.Out.WriteLine(partitions.Count == 0 ? "There is nothing to compact." : string.Join(Environment.NewLine, partitions));
            return CommandHost.Ok;
        }

        var rewritten = new List<PartitionCompacted>();
        var waiting = new Dictionary<TablePartition, PartitionCompacted>();
        var progress = new Reported<PartitionCompacted>(done =>
        {
            waiting.Remove(done.Partition);
            if (done.State == CompactionState.Waits)
                waiting[done.Partition] = done;
            if (done.State != CompactionState.Switched)
                return;
            rewritten.Add(done);
            told.WriteLine($"{done.Partition}: {done.Rows:N0} rows, {done.Inputs:N0} objects are {done.Outputs:N0} now");
        });
        var deleted = 0;
        for (var tries = 1; tries == 1 || (waiting.Count > 0 && tries <= Tries); tries++)
        {
            // An epoch that is being written is unfinished for a moment.
            if (tries > 1)
                await Task.Delay(TryAgainAfter, context.Stop);
            var pass = compactor.RunAsync(tries == 1 ? partitions : [.. waiting.Keys], progress, keep, context.Stop);
            await ProgressLines.WhileAsync(pass, told, () => $"{rewritten.Count:N0} of {partitions.Count:N0} partitions rewritten; replaced objects are deleted after {context.Settings.Ingest.CompactGrace}");
            deleted += await pass;
        }

        foreach (var done in waiting.Values)
            context.Error.WriteLine($"error: {done.Partition} waits: {done.WaitsFor}");
        if (json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(new
            {
                lake = lake.Location,
                rewritten = rewritten.Select(done => new { partition = done.Partition.ToString(), rows = done.Rows, inputs = done.Inputs, outputs = done.Outputs }),
                waiting = waiting.Values.Select(done => new { partition = done.Partition.ToString(), reason = done.WaitsFor }),
                deleted,
            }));
        }
        else
        {
            context.Out.WriteLine($"{rewritten.Count:N0} partitions rewritten, {deleted:N0} replaced objects deleted{(waiting.Count > 0 ? $", {waiting.Count:N0} wait" : "")}");
        }

        return waiting.Count == 0 ? CommandHost.Ok : CommandHost.Failed;
    }

    private static async Task<IReadOnlyList<TablePartition>> NamedAsync(Lake lake, Compactor compactor, string[] asked, CancellationToken cancel)
    {
        var there = await compactor.PartitionsAsync(cancel);
        return
        [
            .. asked.Select(name => there.FirstOrDefault(partition => partition.ToString() == name.Trim('/')) is { Table: not null } partition
                ? partition
                : throw new CommandException(
                    $"--partition: the lake {lake.Location} has no partition '{name}'. Write it as trades/dt=2026-01-05/hour=14 or bars/interval=1d/dt=1986; there are {there.Count}"
                    + (there.Count == 0 ? "." : $", such as {there[0]}."))),
        ];
    }
}
