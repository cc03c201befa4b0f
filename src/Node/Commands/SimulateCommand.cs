using System.CommandLine;
using System.Diagnostics;
using StockActors.Market;
using StockActors.Node.Configuration;
using StockActors.Node.Simulation;
using StockActors.Simulator.Exchange;
using StockActors.Sinks;

namespace StockActors.Node.Commands;

/// <summary><c>stockactors simulate</c>: the markets alone, as fast as they go, without a log.</summary>
internal static class SimulateCommand
{
    private const string None = "none";
    private const int LookEvery = 4096;
    private static readonly TimeSpan TellInterval = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        var days = new Option<int>("--days") { HelpName = "N", Description = "How many exchange days (default 1).", DefaultValueFactory = _ => 1 };
        var output = new Option<string>("--out") { HelpName = "FILE.parquet|FILE.csv|none", Description = "Where the ticks go, all kinds in one file by time (default none).", DefaultValueFactory = _ => None };
        var command = new Command("simulate",
            """
            Run a scenario's markets alone, on one core and as fast as they go: no Kafka, no lake. The ticks are those that a run of the same scenario,
            seed, start and symbols publishes.

            Example: stockactors simulate --scenario crisis --symbols 5 --days 3 --out crisis.parquet && stockactors query "select kind, count(*) from 'crisis.parquet' group by 1"
            """)
        {
            Flags.Symbols(), Flags.Scenario(), Flags.Seed(), Flags.Start(), days, output,
        };
        command.SetAction(CommandHost.Action((parsed, context) => Task.Run(() => Run(context, parsed.GetValue(days), parsed.GetValue(output)!))));
        return command;
    }

    private static int Run(CommandContext context, int days, string output)
    {
        if (days < 1)
            throw new SettingsException([$"--days: {days} is none; write 1 or more."]);
        var market = context.Settings.Market;
        var exchange = new Exchange(market.Markets(), market.Seed);
        var first = market.FirstDay(TimeProvider.System, exchange.Markets[0].Scenario.Days);
        var run = new Progress(context, exchange);
        try
        {
            switch (Path.GetExtension(output))
            {
                case ".parquet":
                    {
                        using var stream = File.Create(output);
                        using var file = new TickFile(stream);
                        run.Days(first, days, (in Tick tick) => file.Add(tick));
                        file.Complete();
                        break;
                    }

                case ".csv":
                    {
                        using var text = File.CreateText(output);
                        var file = new TickCsv(text);
                        run.Days(first, days, (in Tick tick) => file.Add(tick));
                        break;
                    }

                case "" when output == None:
                    run.Days(first, days, null);
                    break;
                default:
                    throw new SettingsException([$"--out: '{output}' is none of FILE.parquet, FILE.csv and {None}."]);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"--out: {output} can't be written: {e.Message}");
        }

        run.Sum(output);
        return CommandHost.Ok;
    }

    private delegate void Take(in Tick tick);

    /// <summary>Counts what a simulation makes, and tells how far it is.</summary>
    private sealed class Progress(CommandContext context, Exchange exchange)
    {
        private readonly Stopwatch _elapsed = Stopwatch.StartNew();
        private TimeSpan _toldAt;
        private TickCounts _ticks;
        private long _seen;
        private long _time;

        public void Days(TradingDay day, int days, Take? take)
        {
            for (; days > 0; days--, day = exchange.Markets[0].Scenario.Days.After(day))
            {
                foreach (var tick in exchange.Run(day))
                {
                    take?.Invoke(tick);
                    _ticks += TickCounts.Of([tick]);
                    _time = tick.TsEvent;
                    if (++_seen % LookEvery == 0)
                        Look();
                }
            }
        }

        public void Sum(string output)
        {
            var (seconds, events) = (_elapsed.Elapsed.TotalSeconds, exchange.BookEvents);
            context.Out.WriteLine($"{_ticks.Trades:N0} trades, {_ticks.Quotes:N0} quotes, {_ticks.Status:N0} status{(output == None ? "" : $" in {output}")}");
            context.Out.WriteLine($"{events:N0} book events in {seconds:N1} s: {events / seconds:N0} events/s, {_ticks.Total / seconds:N0} ticks/s");
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
