using System.CommandLine;
using Akka.Actor;
using StockActors.Node.Configuration;
using StockActors.Node.Markets;
using StockActors.Node.Terminal;

namespace StockActors.Node.Commands;

/// <summary><c>stockactors demo</c>: all roles in one process.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var duration = new Option<string?>("--duration") { HelpName = "TIME", Description = "Stop after so long (30s, 5m, 1h); without it at Ctrl+C." };
        var compact = Flags.Compact("Compact the lake at the end, before it is counted.");
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
            Flags.Symbols(), Flags.Scenario(), Flags.Seed(), Flags.Speed(), Flags.Start(), Flags.Level(), Flags.Truth(), Flags.Run(), Flags.Prefix(), Flags.Roles("all of them; with market alone it publishes and nothing else"), Flags.Wire(), Flags.Topic(), Flags.Lanes(), Flags.Lake(), Flags.Database(), Flags.FlushInterval(), compact, Flags.Kafka(), json,
        };
        command.SetAction(CommandHost.Action((parsed, context) => RunAsync(context, Length(parsed.GetValue(duration)), parsed.GetValue(compact), parsed.GetValue(json))));
        return command;
    }

    /// <summary>A flag that is a length of time.</summary>
    private static TimeSpan? Length(string? text) => text is null ? null
        : Duration.TryParse(text, null, out var length) && length.Span > TimeSpan.Zero ? length.Span
        : throw new SettingsException([$"--duration: '{text}' is no length of time; write it as 30s, 5m or 1h."]);

    private static async Task<int> RunAsync(CommandContext context, TimeSpan? duration, bool compact, bool json)
    {
        var (settings, roles) = (context.Settings, context.Settings.Cluster.RoleSet);
        if (!roles.Contains(ClusterOptions.Market))
            throw new SettingsException([$"--roles: a demo publishes, so market is among its roles; they are '{settings.Cluster.Roles}'. 'stockactors node' takes any."]);
        var told = json ? context.Error : context.Out;
        Func<int, Props>? laneProps = null;
        await using var platform = await Platform.StartAsync(settings, roles, told, (akka, _) => akka
            .WithClusterOfOne(settings.Cluster)
            .WithLanes(lane => laneProps!(lane)), onLaneStopped: null, context.Stop);
        var run = await LanesOfRun.BeginAsync(platform, settings, told, context.Stop);
        laneProps = run.Props;
        run.Start();
        await RunView.ShowAsync(platform, told, duration, [.. run.Finished, .. platform.Parts], context.Stop);
        run.Drain();
        return await platform.DrainAndProveAsync(Task.WhenAll(run.Finished), run.Run.RunId, context.Out, told, json, compact);
    }
}
