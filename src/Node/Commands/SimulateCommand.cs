using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using StockActors.Market;
using StockActors.Node.Configuration;
using StockActors.Node.Facts;
using StockActors.Node.Simulation;
using StockActors.Simulator.Exchange;
using StockActors.Simulator.Facts;

namespace StockActors.Node.Commands;

/// <summary><c>stockactors simulate</c>: the markets alone, as fast as they go, without a log.</summary>
internal static class SimulateCommand
{
    private const string None = "none";
    private const int LookEvery = 4096;

    // A random walk has no facts, however long it is.
    private const int MostControlDays = 20;
    private const int MostControlSymbols = 4;
    private static readonly TimeSpan TellInterval = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        var days = new Option<int>("--days") { HelpName = "N", Description = "How many exchange days (default 1).", DefaultValueFactory = _ => 1 };
        var output = new Option<string>("--out") { HelpName = "FILE.parquet|FILE.csv|none", Description = "Where the ticks go, all kinds in one file by time (default none); with --level 3 the orders go to FILE.orders.parquet or FILE.orders.csv beside it.", DefaultValueFactory = _ => None };
        var truth = new Option<string?>("--truth") { HelpName = "FILE.parquet|FILE.csv", Description = "Where what was really so goes, by time: values once a minute, anomalies, metaorders." };
        var facts = new Option<bool>("--facts") { Description = "Print the stylized facts, each with its gate and a 95 % interval, beside a random walk's." };
        var plot = new Option<string?>("--plot") { HelpName = "DIR", Description = "Draw days, autocorrelations and the distribution of returns as PNG into a directory." };
        var runs = new Option<int>("--runs") { HelpName = "N", Description = "How many runs the facts are of, with seeds that count on from --seed (default 1).", DefaultValueFactory = _ => 1 };
        var json = Flags.Json("Print the facts as one JSON object; everything else goes to standard error.");
        var command = new Command("simulate",
            """
            Run a scenario's markets alone, on one core and as fast as they go: no Kafka, no lake. The ticks are those that a run of the same scenario,
            seed, start and symbols publishes.

            --facts measures what tells them from a random walk: a fact holds where its whole 95 % interval lies within its gate, fails where its estimate lies
            outside, and is open in between, where more days or runs would tell. --plot draws the days with the most halts (else the first ones) and the curves.

            --truth writes what no tick says: what each symbol was worth, every anomaly that the scenario injected, every metaorder, each with its begin and end, side,
            size, what was executed of it and at which average price.

            Example: stockactors simulate --symbols 4 --days 20 --runs 5 --facts --plot pictures
            Example: stockactors simulate --scenario crisis --symbols 5 --days 3 --out crisis.parquet && stockactors query "select kind, count(*) from 'crisis.parquet' group by 1"
            """)
        {
            Flags.Symbols(), Flags.Scenario(), Flags.Seed(), Flags.Start(), Flags.Level("beside --out"), days, output, truth, facts, plot, runs, json,
        };
        command.SetAction(CommandHost.Action((parsed, context) => Task.Run(() => Run(context, new Asked(
            parsed.GetValue(days), parsed.GetValue(output)!, parsed.GetValue(truth), parsed.GetValue(facts), parsed.GetValue(plot), parsed.GetValue(runs), parsed.GetValue(json))))));
        return command;
    }

    private static int Run(CommandContext context, Asked asked)
    {
        asked.Check();
        var market = context.Settings.Market;
        var markets = market.Markets();
        var first = market.FirstDay(TimeProvider.System, markets[0].Scenario.Days);
        var sample = asked.Facts || asked.Pictures is not null ? new FactsSample() : null;
        var run = new Progress(context, asked.Json ? context.Error : context.Out, first, asked.Days);
        using var ticks = asked.Output == None ? null : Create("--out", asked.Output, null);
        using var orders = ticks is null || market.Level == 1 ? null : Create("--out", Path.ChangeExtension(asked.Output, $".orders{Path.GetExtension(asked.Output)}"), TickKind.Order);
        using var truth = asked.Truth is null ? null : Create("--truth", asked.Truth, TickKind.Truth);
        try
        {
            for (var i = 0; i < asked.Runs; i++)
            {
                var exchange = new Exchange(markets, market.Seed + i) { Truth = truth is null ? null : tick => truth.Add(tick) };
                run.Days(exchange, sample is null ? null : new FactsRecorder(sample, i), tick => (tick.Kind == TickKind.Order ? orders : ticks)?.Add(tick));
            }

            foreach (var output in new[] { ticks, orders, truth })
                output?.Complete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"What was simulated can't be written: {e.Message}");
        }

        run.Sum(asked.Output);
        if (sample is not null)
            Tell(context, asked, sample, first);
        return CommandHost.Ok;
    }

    private static TickOutput Create(string flag, string path, TickKind? only)
    {
        try
        {
            return new TickOutput(path, only);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{flag}: {path} can't be written: {e.Message}");
        }
    }

    private static void Tell(CommandContext context, Asked asked, FactsSample sample, TradingDay first)
    {
        if (sample.Days == 0)
            throw new CommandException("--facts: no symbol was traded for a minute, so there is nothing to measure.");
        var report = StylizedFacts.Measure(sample);
        if (asked.Facts)
        {
            var control = StylizedFacts.Measure(RandomWalk.Sample(Math.Min(asked.Days * asked.Runs, MostControlDays), MostControlSymbols, context.Settings.Market.Seed, first));
            if (asked.Json)
                context.Out.WriteLine(JsonSerializer.Serialize(FactsTable.Json(report, control)));
            else
                FactsTable.Write(context.Out, report, control);
        }

        if (asked.Pictures is not { } directory)
            return;
        try
        {
            foreach (var file in FactsPictures.Draw(directory, report, sample))
                (asked.Json ? context.Error : context.Out).WriteLine(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"--plot: nothing can be drawn into {directory}: {e.Message}");
        }
    }

    /// <summary>What was asked for.</summary>
    private sealed record Asked(int Days, string Output, string? Truth, bool Facts, string? Pictures, int Runs, bool Json)
    {
        public void Check()
        {
            List<string> errors = [];
            if (Days < 1)
                errors.Add($"--days: {Days} is none; write 1 or more.");
            if (Runs < 1)
                errors.Add($"--runs: {Runs} is none; write 1 or more.");
            if (Output != None && Path.GetExtension(Output) is not (".parquet" or ".csv"))
                errors.Add($"--out: '{Output}' is none of FILE.parquet, FILE.csv and {None}.");
            if (Truth is not null && Path.GetExtension(Truth) is not (".parquet" or ".csv"))
                errors.Add($"--truth: '{Truth}' is none of FILE.parquet and FILE.csv.");
            if (Truth is not null && Truth == Output)
                errors.Add($"--truth: {Truth} is the file of --out too; name two.");
            if (Runs > 1 && (Output != None || Truth is not null))
                errors.Add($"--runs: {Runs} runs do not go into one file; leave out --runs, or --out and --truth.");
            if (Runs > 1 && !Facts && Pictures is null)
                errors.Add("--runs: several runs are for --facts and --plot; write one of them.");
            if (Json && !Facts)
                errors.Add("--json: what it prints are the facts; write --facts too.");
            if (errors.Count > 0)
                throw new SettingsException(errors);
        }
    }

    /// <summary>Counts what a simulation makes, and tells how far it is.</summary>
    private sealed class Progress(CommandContext context, TextWriter told, TradingDay first, int days)
    {
        private readonly Stopwatch _elapsed = Stopwatch.StartNew();
        private TimeSpan _toldAt;
        private TickCounts _ticks;
        private long _seen;
        private long _time;
        private long _bookEvents;

        public void Days(Exchange exchange, FactsRecorder? recorder, Action<Tick> take)
        {
            var day = first;
            for (var i = 0; i < days; i++, day = exchange.Markets[0].Scenario.Days.After(day))
            {
                foreach (var tick in exchange.Run(day))
                {
                    take(tick);
                    if (!TickFeeds.IsBeside(tick.Kind))
                        recorder?.Add(tick);
                    _ticks += TickCounts.Of([tick]);
                    _time = tick.TsEvent;
                    if (++_seen % LookEvery == 0)
                        Look();
                }

                recorder?.EndDay();
            }

            _bookEvents += exchange.BookEvents;
        }

        public void Sum(string output)
        {
            var (seconds, events) = (_elapsed.Elapsed.TotalSeconds, _bookEvents);
            told.WriteLine($"{_ticks.Trades:N0} trades, {_ticks.Quotes:N0} quotes, {_ticks.Status:N0} status{(_ticks.Orders > 0 ? $", {_ticks.Orders:N0} changes of orders" : "")}{(output == None ? "" : $" in {output}")}");
            told.WriteLine($"{events:N0} book events in {seconds:N1} s: {events / seconds:N0} events/s, {_ticks.Ticks / seconds:N0} ticks/s");
        }

        private void Look()
        {
            if (context.Stop.IsCancellationRequested)
                throw new CommandException($"Stopped at {UnixNanos.Format(_time)}; what was to be written is not complete.");
            if (_elapsed.Elapsed - _toldAt < TellInterval)
                return;
            _toldAt = _elapsed.Elapsed;
            context.Error.WriteLine($"  {UnixNanos.Format(_time)[..16]}: {_ticks.Total:N0} ticks");
        }
    }
}
