using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Akka.Actor;
using StockActors.Node.Ingest;
using StockActors.Node.Terminal;

namespace StockActors.Node.Commands;

/// <summary><c>stockactors ingest</c>: the ingest graph alone.</summary>
internal static class IngestCommand
{
    public static Command Create()
    {
        var untilCaughtUp = new Option<bool>("--until-caught-up") { Description = "End when what was in the topic at the start is committed." };
        var compact = Flags.Compact("With --until-caught-up: compact what is closed at the end. Without it, closed partitions are compacted as they come, by itself.");
        var json = Flags.Json("Print the summary as one JSON object; everything else goes to standard error.");
        var command = new Command("ingest",
            """
            Bring a topic, and the topics beside it (TOPIC.orders, TOPIC.truth), into a lake, exactly once, until Ctrl+C (which commits what has been read) or, with --until-caught-up, until what was in
            the topic at the start is committed. Records that can't be read go to the topic's .dead with their reason ('stockactors dead'). A lane that
            can't go on without an operator's decision stops, loudly, and the others go on ('stockactors lane'); with --until-caught-up it ends the command.

            Example: stockactors ingest --topic ticks --lake ./lake --until-caught-up
            """)
        {
            Flags.Topic(), Flags.Lake(), Flags.Database(), untilCaughtUp, Flags.FlushInterval(), Flags.MemoryBudget(), compact, Flags.Kafka(), json,
        };
        command.SetAction(CommandHost.Action((parsed, context) => RunAsync(context, parsed.GetValue(untilCaughtUp), parsed.GetValue(compact), parsed.GetValue(json))));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, bool untilCaughtUp, bool compact, bool json)
    {
        var settings = context.Settings;
        var told = json ? context.Error : context.Out;
        var started = Stopwatch.GetTimestamp();
        var lake = settings.Lake.Open();
        // What waits for the network and what is compiled go beside each other: a short job is mostly its beginning.
        var described = Task.Run(() => lake.DescribeAsync(context.Stop));
        var starting = Task.Run(() => ActorSystem.Create("ingest", "akka { loglevel = ERROR, stdout-loglevel = ERROR, coordinated-shutdown.run-by-clr-shutdown-hook = off }"));
        using var broker = await Broker.ConnectAsync(settings.Kafka, context.Stop);
        var topic = await broker.Log.RequireAsync(settings.Kafka.Topic, context.Stop);
        await broker.Log.EnsureDeadAsync(topic, context.Stop);
        var catalogue = await described;
        using var system = await starting;

        using var phases = new PhaseTimes();
        long rows = 0, dead = 0, epochs = 0;
        await using var ingest = FeedsIngest.Start(system, broker, topic, lake, settings.Ingest, committed =>
        {
            if (committed.Epoch is not { } epoch)
                return;
            Interlocked.Add(ref rows, epoch.Rows.Total);
            Interlocked.Add(ref dead, epoch.Dead);
            Interlocked.Increment(ref epochs);
        }, untilCaughtUp ? null : stopped => context.Error.WriteLine("error: " + stopped.Message), endsByItself: untilCaughtUp);
        await using var compaction = untilCaughtUp ? null : CompactionRun.Start(lake, broker.Log, settings.Ingest, context.Error);
        told.WriteLine($"{topic.Name} ({topic.Lanes} lanes at {broker.Kafka.BootstrapServers}) → {lake.Location} (catalogue: {catalogue}){(untilCaughtUp ? "" : "; Ctrl+C commits what has been read and ends")}");
        var whole = untilCaughtUp ? ingest.FinishAsync() : ingest.Completion;
        var interrupted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (context.Stop.Register(interrupted.SetResult))
            await ProgressLines.WhileAsync(Task.WhenAny(whole, interrupted.Task), told, () => $"{Interlocked.Read(ref rows):N0} rows in {Interlocked.Read(ref epochs):N0} epochs");
        await (whole.IsCompleted ? whole : ingest.StopAsync());
        if (compact && untilCaughtUp && !context.Stop.IsCancellationRequested)
            told.WriteLine($"{await CompactionRun.OnceAsync(lake, settings.Ingest, context.Stop):N0} partitions compacted; 'stockactors compact' deletes what they replaced");

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (json)
            context.Out.WriteLine(JsonSerializer.Serialize(new { topic = topic.Name, lake = lake.Location, rows, epochs, dead, seconds = Math.Round(seconds, 3), phases = phases.Seconds }));
        else
            context.Out.WriteLine($"{rows:N0} rows in {epochs:N0} epochs, {dead:N0} dead letters, {seconds:0.0} s");
        if (!json && untilCaughtUp)
            context.Out.WriteLine($"seconds by phase, summed over lanes that run beside each other: {phases}");
        foreach (var stopped in ingest.Stopped)
            context.Error.WriteLine("error: " + stopped.Message);
        return ingest.Stopped.Count == 0 ? CommandHost.Ok : CommandHost.Failed;
    }
}
