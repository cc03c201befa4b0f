using System.CommandLine;
using StockActors.Node.Configuration;
using StockActors.Node.Replay;
using StockActors.Node.Terminal;
using StockActors.Simulator.Replay;

namespace StockActors.Node.Commands;

/// <summary><c>stockactors replay</c>: a CSV of bars on the same path.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A CSV with a header: Date (or Datetime, Timestamp), Open, High, Low, Close, and where it has them Adj Close, Volume, CloseUSD, Index (or Symbol, Ticker)." };
        var rate = new Option<string>("--rate") { HelpName = "N/s|max", Description = "Rows a second, as the field's tutorials do with 1/s (default max).", DefaultValueFactory = _ => "max" };
        var symbol = new Option<string?>("--symbol") { HelpName = "NAME", Description = "The symbol of every row, for a file without a column that says it (default: the file's name)." };
        var interval = new Option<string?>("--interval") { HelpName = "1d|1m|…", Description = "The bars' length (default: found from the file's first rows)." };
        var dateFormat = new Option<string?>("--date-format") { HelpName = "FORMAT", Description = "How dates are written where it is not ISO, such as dd/MM/yyyy." };
        var synthesise = new Option<bool>("--synthesise")
        {
            Description = $"Publish ticks made inside the bars instead of the bars (source replay_synth): up to {BarSynthesis.Points} quotes a bar, and as many trades where it has a volume, which aggregate to exactly its open, high, low, close and volume. Bars longer than an hour have them in their first.",
        };
        var json = Flags.Json("Print the balance as one JSON object; everything else goes to standard error.");
        var command = new Command("replay",
            """
            Replay a CSV of bars: through Kafka into the lake, the balance proved at the end. Bad rows are reported with file, line, column and
            reason; the rest go on.

            Example: stockactors replay samples/hang-seng-sample.csv && stockactors query "select min(low), max(high) from bars"
                     stockactors replay samples/hang-seng-sample.csv --synthesise
            """)
        {
            file, rate, symbol, interval, dateFormat, synthesise, Flags.Run(), Flags.Prefix(), Flags.Wire(), Flags.Topic(), Flags.Lanes(), Flags.Lake(), Flags.Database(), Flags.FlushInterval(), Flags.Kafka(), json,
        };
        command.SetAction(CommandHost.Action((parsed, context) => RunAsync(context, parsed.GetValue(file)!, RateOf(parsed.GetValue(rate)!),
            new BarFileOptions
            {
                Symbol = parsed.GetValue(symbol),
                Interval = parsed.GetValue(interval),
                DateFormat = parsed.GetValue(dateFormat),
                Synthesise = parsed.GetValue(synthesise),
            },
            parsed.GetValue(json))));
        return command;
    }

    /// <summary>A flag that is a rate.</summary>
    private static Rate RateOf(string text) => Rate.TryParse(text, null, out var rate)
        ? rate
        : throw new SettingsException([$"--rate: '{text}' is no rate; write it as 1/s, 500/s, 30/m or max."]);

    private static async Task<int> RunAsync(CommandContext context, string path, Rate rate, BarFileOptions options, bool json)
    {
        var settings = context.Settings;
        var told = json ? context.Error : context.Out;
        var bars = BarFile.Open(path, options);
        await using var platform = await Platform.StartAsync(settings, new ClusterOptions().RoleSet, told, (_, _) => { }, onLaneStopped: null, context.Stop);
        var runId = platform.RunId(settings.Market.Run ?? $"{Path.GetFileNameWithoutExtension(path)}-{TimeProvider.System.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}");
        told.WriteLine($"Run     {runId}: {bars.Path}, {(options.Synthesise ? "ticks made inside " : "")}bars of {bars.Interval}, {rate}");
        var synthesis = options.Synthesise ? new BarSynthesis(bars.Interval) : null;
        using var replay = await ReplayRun.StartAsync(platform, settings.Publish, bars, synthesis, runId, rate, context.Error, context.Stop);
        await RunView.ShowAsync(platform, told, null, [replay.Completion, .. platform.Parts], context.Stop);
        replay.Stop();
        var exit = await platform.DrainAndProveAsync(replay.Completion, runId, context.Out, told, json);
        if (replay.BadRows > 0)
            context.Error.WriteLine($"{replay.BadRows:N0} bad rows were left out (reported above)");
        return exit;
    }
}
