using System.CommandLine;
using Akka.Actor;
using StockActors.Node.Configuration;
using StockActors.Node.Markets;
using StockActors.Node.Terminal;
using StockActors.Pipeline;
using StockActors.Simulator.Exchange;

namespace StockActors.Node.Commands;

/// <summary><c>stockactors demo</c>: all roles in one process.</summary>
internal static class DemoCommand
{
    private const string Scenario = "noise";

    public static Command Create()
    {
        var duration = new Option<string?>("--duration") { HelpName = "TIME", Description = "Stop after so long (30s, 5m, 1h); without it at Ctrl+C." };
        var json = Flags.Json("Print the balance as one JSON object; everything else goes to standard error.");
        var command = new Command("demo",
            """
            All roles in one process: markets trade, their ticks go to Kafka (an embedded broker where none is configured), come into the lake as
            hourly Parquet, and SQL counts them. It stops at Ctrl+C or after --duration, drains, and proves that nothing was lost and nothing came
            twice. While it runs, 'stockactors query' in a second terminal sees what is committed so far.

            Example: stockactors demo --symbols 50 --speed max --duration 30s
            """)
        {
            duration,
            new SettingFlag("--symbols", "Market:Symbols", "N", "How many symbols (default 20)."),
            new SettingFlag("--seed", "Market:Seed", "N", "The same seed gives the same ticks (default 1)."),
            new SettingFlag("--speed", "Market:Speed", "1x|60x|max", "Simulated seconds in a second (default 60x)."),
            new SettingFlag("--start", "Market:Start", "DATE|today", "The first exchange day (default 2026-01-05)."),
            Flags.Run(), Flags.Wire(), Flags.Topic(), Flags.Lanes(), Flags.Lake(), Flags.FlushInterval(), Flags.Kafka(), json,
        };
        command.SetAction(CommandHost.Action((parsed, context) => RunAsync(context, Length(parsed.GetValue(duration)), parsed.GetValue(json))));
        return command;
    }

    /// <summary>A flag that is a length of time.</summary>
    private static TimeSpan? Length(string? text) => text is null ? null
        : Duration.TryParse(text, null, out var length) && length.Span > TimeSpan.Zero ? length.Span
        : throw new SettingsException([$"--duration: '{text}' is no length of time; write it as 30s, 5m or 1h."]);

    private static async Task<int> RunAsync(CommandContext context, TimeSpan? duration, bool json)
    {
        var settings = context.Settings;
        var told = json ? context.Error : context.Out;
        Func<int, Props>? laneProps = null;
        await using var platform = await Platform.StartAsync(settings, told, akka => akka
            .WithClusterOfOne(settings.Cluster)
            .WithLanes(lane => laneProps!(lane)), context.Stop);
        var run = new MarketRun(
            platform.RunId(settings.Market.Run ?? $"{Scenario}-{settings.Market.Symbols}-{settings.Market.Seed}"), settings.Market.Seed,
            settings.Market.FirstDay(TimeProvider.System), settings.Market.Speed.Factor, platform.Topic.Name, platform.Topic.Lanes,
            [.. Enumerable.Range(0, settings.Market.Symbols).Select(MarketSpec.Default)]);
        told.WriteLine($"Run     {run.RunId}: {run.Markets.Count} symbols in {run.Lanes} lanes, seed {run.Seed}, {settings.Market.Speed}, from {settings.Market.Start}");

        var publish = settings.Publish.On(platform.Broker.Kafka);
        laneProps = lane => LaneActor.Props(
            lane, run, platform.Broker.Log, () => new LanePublisher(publish, run.Topic, lane, platform.Windows[lane]), platform.Lanes[lane]);
        var region = platform.Actors.Get<LaneActor>();
        var busy = Enumerable.Range(0, run.Lanes).Where(lane => run.MarketsOf(lane).Count > 0).ToList();
        foreach (var lane in busy)
            region.Tell(new LaneActor.Start(lane));

        var lanes = busy.Select(lane => platform.Lanes[lane].Finished).ToList();
        await RunView.ShowAsync(platform, told, duration, [.. lanes, platform.Ingest.Completion], context.Stop);
        foreach (var lane in busy)
            region.Tell(new LaneActor.Drain(lane));
        return await platform.DrainAndProveAsync(Task.WhenAll(lanes), run.RunId, context.Out, told, json);
    }
}
