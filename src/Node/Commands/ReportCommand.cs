using System.CommandLine;
using System.Globalization;
using StockActors.Node.Reports;
using StockActors.Node.Terminal;
using StockActors.Pipeline;
using StockActors.Sinks;

namespace StockActors.Node.Commands;

/// <summary><c>stockactors report</c>: a day of a lake as a page.</summary>
internal static class ReportCommand
{
    private const int MostNamed = 7;

    public static Command Create()
    {
        var date = new Option<DateOnly?>("--date")
        {
            HelpName = "YYYY-MM-DD",
            Description = "The day, in UTC (default: the last one that the lake has).",
            CustomParser = result =>
            {
                if (DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed))
                    return parsed;
                result.AddError($"--date: '{result.Tokens[0].Value}' is no date; write it as 2026-01-05.");
                return null;
            },
        };
        var symbols = new Option<int>("--symbols") { HelpName = "N", Description = "How many symbols are shown one by one, the most traded first (default 20).", DefaultValueFactory = _ => 20 };
        symbols.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var n) && n is < 0 or > 1000)
                result.AddError($"--symbols: it is {result.Tokens[0].Value}, and may be 0 to 1000.");
        });
        var run = new Option<string?>("--run") { HelpName = "ID", Description = "Of several runs with ticks of the day, the one to report of (default: the one with most of them)." };
        var output = new Option<string?>("--out") { HelpName = "FILE", Description = "The file (default report-DATE.html in this directory); one that is there is replaced." };
        var engine = Flags.Engine("Who answers (default: DuckDB for a directory, Athena for S3).");
        var command = new Command("report",
            """
            Write a day of the lake as one HTML page: movers, volumes, candles of the symbols most traded, halts, stylized facts, and how sound the data is: gaps in sequences,
            dead letters, lag (where a Kafka is configured), how far audits have counted. The page holds its pictures, asks no network, and is read by any
            browser; times are UTC, prices exact.

            Example: stockactors report --date 2026-01-05 --lake ./lake
            """)
        {
            date, Flags.Lake(), output, symbols, run, engine, Flags.Kafka(),
        };
        command.SetAction(CommandHost.Action((parsed, context) => RunAsync(
            context, parsed.GetValue(date), parsed.GetValue(output), parsed.GetValue(symbols), parsed.GetValue(run), parsed.GetValue(engine))));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, DateOnly? asked, string? file, int shown, string? runId, string? engineName)
    {
        var lake = context.Settings.Lake.OpenExisting();
        var doing = "looking at what the lake has";
        var making = MakeAsync();
        await ProgressLines.WhileAsync(making, context.Error, () => Volatile.Read(ref doing));
        var report = await making;
        file = Path.GetFullPath(file ?? $"report-{report.Date:yyyy-MM-dd}.html");
        await WriteAsync(file, ReportPage.Of(report), context.Stop);
        if (report.OtherRuns.Count > 0)
            context.Error.WriteLine($"{report.Date:yyyy-MM-dd} is of {report.OtherRuns.Count + 1} runs; this is {report.Run!.Name}. --run names another: {string.Join(", ", report.OtherRuns.Take(MostNamed).Select(other => other.Name))}");
        context.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{file}: {report.Date:yyyy-MM-dd}, {report.Run?.Trades ?? 0:N0} trades of {report.Symbols.Count:N0} symbols, {Math.Min(shown, report.Symbols.Count):N0} shown, {(new FileInfo(file).Length + 1023) / 1024:N0} kB. Any browser opens it."));
        return CommandHost.Ok;

        async Task<DayReport> MakeAsync()
        {
            var date = await DateAsync(lake, asked, context.Stop);
            var engine = await Queries.EngineAsync(lake, context.Settings.Analytics, engineName, context.Stop);
            await using var closing = engine as IAsyncDisposable;
            var reader = new DayReader(engine, date, context.Stop);
            Volatile.Write(ref doing, "asking which runs there are");
            var runs = await reader.RunsAsync();
            var run = Choose(runs, runId, date);
            var interval = run is null ? TimeSpan.FromMinutes(1) : await reader.IntervalAsync(run);
            Volatile.Write(ref doing, "asking for the symbols");
            var symbols = run is null ? [] : await reader.SymbolsAsync(run);
            Volatile.Write(ref doing, "asking for candles, volumes, halts and sequences");
            var candles = run is null ? Task.FromResult(symbols) : reader.WithCandlesAsync(run, symbols, shown, interval);
            var volumes = run is null ? Task.FromResult<IReadOnlyList<VolumeOfInterval>>([]) : reader.VolumesAsync(run, interval);
            var halts = run is null ? Task.FromResult<IReadOnlyList<Halt>>([]) : reader.HaltsAsync(run);
            var faults = run is null ? Task.FromResult<IReadOnlyList<SequenceFault>>([]) : reader.FaultsAsync(run);
            var bars = reader.BarsAsync();
            var facts = run is null ? Task.FromResult<FactsOfDay?>(null) : reader.FactsAsync(run);
            var scores = run is null ? Task.FromResult<IReadOnlyList<DetectionScore>?>(null) : reader.ScoresAsync(run);
            await Task.WhenAll(candles, volumes, halts, faults, bars, facts, scores);
            var days = await LaneDay.ReadAsync(
                lake, date, new Reported<int>(entries => Volatile.Write(ref doing, $"reading the chains: {entries:N0} entries")), context.Stop);
            var (lanes, note) = await LanesAsync(context, lake, [.. days.Where(day => day.Epochs > 0)]);
            return new DayReport(
                date, lake.Location, engineName ?? (lake.IsDirectory ? Queries.DuckDb : Queries.Athena), TimeProvider.System.GetUtcNow(), run, [.. runs.Where(other => other != run)], interval,
                await candles, shown, await volumes, await halts, await faults, await bars, lanes, days.Sum(day => day.DeadInAll), note)
            {
                Facts = await facts,
                Scores = await scores,
            };
        }
    }

    /// <summary>The day that is asked for, or the last one; one that the lake has in either case.</summary>
    private static async Task<DateOnly> DateAsync(Lake lake, DateOnly? asked, CancellationToken cancel)
    {
        var partitions = (await LakeSnapshot.ReadAsync(lake, cancel)).Objects.Select(file => file.Partition).Distinct().ToList();
        var days = partitions.SelectMany(partition => partition.Values).Where(value => value.Key == "dt").Select(value => value.Value).Distinct().ToList();
        var dates = days.Where(day => day.Contains('-', StringComparison.Ordinal))
            .Select(day => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture)).Order().ToList();
        if (asked is { } date && (dates.Contains(date) || days.Contains($"{date.Year:D4}")))
            return date;
        if (asked is null && dates.Count > 0)
            return dates[^1];
        var years = days.Where(day => !day.Contains('-', StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        var there = dates.Count == 0 ? "no ticks" : dates.Count <= MostNamed
            ? $"ticks of {string.Join(", ", dates.Select(Text))}"
            : $"ticks of {dates.Count:N0} days from {Text(dates[0])} to {Text(dates[^1])}, nearest {string.Join(", ", dates.OrderBy(day => Math.Abs(day.DayNumber - (asked ?? day).DayNumber)).Take(3).Order().Select(Text))}";
        var bars = years.Count == 0 ? "" : $", and daily bars of {years[0]}{(years.Count > 1 ? $" to {years[^1]}" : "")}";
        throw new CommandException($"There is nothing{(asked is { } missing ? $" of {Text(missing)}" : " of any one day")} in the lake {lake.Location}. It has {there}{bars}. "
            + (dates.Count + years.Count > 0 ? "Name a day of those with --date." : "'stockactors demo' makes some."));

        static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    private static RunOfDay? Choose(IReadOnlyList<RunOfDay> runs, string? asked, DateOnly date) => asked is null ? runs is [var most, ..] ? most : null
        : runs.FirstOrDefault(run => run.RunId == asked) ?? throw new CommandException(runs.Count == 0
            ? $"No run has ticks of {date:yyyy-MM-dd}; leave --run out."
            : $"Run '{asked}' has no ticks of {date:yyyy-MM-dd}. Runs that have: {string.Join(", ", runs.Take(MostNamed).Select(run => run.Name))}.");

    /// <summary>How the lanes stand now, and why their lag is not known where it is not.</summary>
    private static async Task<(IReadOnlyList<LaneOfDay> Lanes, string Note)> LanesAsync(CommandContext context, Lake lake, IReadOnlyList<LaneDay> days)
    {
        var note = "";
        Broker? broker = null;
        try
        {
            broker = await Broker.ConnectIfConfiguredAsync(context.Settings.Kafka, context.Stop);
            if (broker is null)
                note = "No Kafka is configured.";
        }
        catch (LogException e)
        {
            note = e.Message;
        }

        using var closing = broker;
        var reports = new List<LaneReport>();
        foreach (var topic in days.Select(day => day.Topic).Distinct(StringComparer.Ordinal))
        {
            var found = broker is null ? null : await broker.Log.FindAsync(topic, context.Stop);
            if (broker is not null && days.Any(day => day.Topic == topic && day.TopicId != found?.Id))
                note = $"{broker.Kafka.BootstrapServers} no longer has the topic {topic} that ticks of the day came by.";
            reports.AddRange(await new LaneControl(lake, topic, Environment.MachineName).ShowAsync(
                async lane => broker is null ? null : await broker.ExtentAsync(found, lane, context.Stop), context.Stop));
        }

        return ([.. days.Select(day => new LaneOfDay(day, reports.FirstOrDefault(report => report.TopicId == day.TopicId && report.Lane == day.Lane)))], note);
    }

    // Written beside it first: a page that is being looked at is never half of one.
    private static async Task WriteAsync(string file, string page, CancellationToken cancel)
    {
        var draft = $"{file}.{Guid.NewGuid():N}";
        try
        {
            await File.WriteAllTextAsync(draft, page, cancel);
            File.Move(draft, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(draft))
                File.Delete(draft);
            throw new CommandException($"{file} can't be written: {e.Message.Replace(draft, file, StringComparison.Ordinal)} Name another file with --out.");
        }
    }
}
