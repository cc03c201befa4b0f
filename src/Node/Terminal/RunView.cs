using System.Diagnostics;
using Spectre.Console;
using Spectre.Console.Rendering;
using StockActors.Market;

namespace StockActors.Node.Terminal;

/// <summary>What a run shows of itself while it goes: a live table on a terminal, plain lines elsewhere.</summary>
internal static class RunView
{
    private static readonly TimeSpan LiveInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(2);

    /// <summary>Shows the run until its time is over, its user stops it, or one of its parts ends by itself.</summary>
    public static async Task ShowAsync(Platform platform, TextWriter told, TimeSpan? duration, IReadOnlyList<Task> parts, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (duration is { } length)
            end.CancelAfter(length);
        foreach (var part in parts)
            _ = part.ContinueWith(_ => Cancel(end), TaskScheduler.Default);

        if (platform.IsMarket)
            await FirstTicksAsync(platform, told, end.Token);
        if (told == Console.Out && !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive)
        {
            await AnsiConsole.Live(Render(platform)).StartAsync(async live =>
            {
                while (await TickAsync(LiveInterval, end.Token))
                    live.UpdateTarget(Render(platform));
                live.UpdateTarget(Render(platform));
            });
        }
        else
        {
            var last = "";
            while (await TickAsync(LineInterval, end.Token))
            {
                // Where nothing happens there is nothing to tell.
                if (Line(platform) is var line && line != last)
                    told.WriteLine(last = line);
            }
        }
    }

    private static async Task FirstTicksAsync(Platform platform, TextWriter told, CancellationToken end)
    {
        var sinceTold = Stopwatch.StartNew();
        while (!platform.Lanes.Any(lane => lane.Read().Acknowledged.Total > 0))
        {
            if (!await TickAsync(TimeSpan.FromMilliseconds(20), end))
                return;
            if (sinceTold.Elapsed < LineInterval)
                continue;
            told.WriteLine("  taking the lanes over, and re-playing the day up to where the run stopped …");
            sinceTold.Restart();
        }

        using var process = Process.GetCurrentProcess();
        var replayed = platform.Lanes.Select(lane => lane.Read()).MaxBy(lane => lane.ReplayTime ?? TimeSpan.Zero);
        told.WriteLine($"First ticks {(DateTime.UtcNow - process.StartTime.ToUniversalTime()).TotalSeconds:0.0} s after start" + (replayed is { ReplayTime: { } took, From.Time: var time }
            ? $", {took.TotalSeconds:0.0} s of them to re-play the day up to {UnixNanos.Format(time)[..19]}"
            : ""));
    }

    private static async Task<bool> TickAsync(TimeSpan interval, CancellationToken end)
    {
        try
        {
            await Task.Delay(interval, end);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The view had ended already.
        }
    }

    private static string Line(Platform platform)
    {
        var lanes = platform.Lanes.Select(lane => lane.Read()).ToList();
        var time = lanes.Max(l => l.Time);
        var figures = new List<string>();
        if (platform.IsMarket)
            figures.Add($"{(time > 0 ? UnixNanos.Format(time)[..19] : "starting"),-19}  published {lanes.Sum(l => l.Acknowledged.Total),12:N0}");
        if (platform.Ingest is not null)
            figures.Add($"in the lake {lanes.Sum(l => l.InLake),12:N0}  lag {platform.Lag,10:N0}");
        return string.Join("  ", figures);
    }

    private static Rows Render(Platform platform)
    {
        var lanes = platform.Lanes.Select(lane => lane.Read()).ToList();
        var room = Math.Max(5, AnsiConsole.Profile.Height - lanes.Count - 9);
        var markets = lanes.SelectMany(lane => lane.Markets).OrderBy(m => m.Symbol, StringComparer.Ordinal).ToList();
        var shown = markets.Take(room).ToList();

        var symbols = new Table().Border(TableBorder.Simple).AddColumns("Symbol");
        foreach (var heading in new[] { "Last", "Bid", "Offer", "Volume" })
            symbols.AddColumn(new TableColumn(heading).RightAligned());
        foreach (var market in shown)
            symbols.AddRow(Cells(market.Symbol, market.Last is { } last ? TickText.Figure(last) : "-", TickText.Describe(market.Book.Bid), TickText.Describe(market.Book.Ask), $"{market.Volume:N0}"));
        if (markets.Count > shown.Count)
            symbols.AddRow(Cells($"and {markets.Count - shown.Count:N0} more", "", "", "", ""));

        var log = new Table().Border(TableBorder.Simple).AddColumns("Lane", "Simulated time");
        foreach (var heading in new[] { "Published", "In the lake", "Lag" })
            log.AddColumn(new TableColumn(heading).RightAligned());
        for (var lane = 0; lane < lanes.Count; lane++)
        {
            var state = lanes[lane];
            log.AddRow(Cells($"{lane}", state.Time > 0 ? UnixNanos.Format(state.Time)[..19] : "-", $"{state.Acknowledged.Total:N0}", $"{state.InLake:N0}", $"{platform.LagOf(lane):N0}"));
        }

        return new Rows(symbols, log);
    }

    private static IRenderable[] Cells(params string[] texts) => [.. texts.Select(text => new Text(text))];
}
