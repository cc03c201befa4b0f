using System.Diagnostics;
using StockActors.Market;
using StockActors.Simulator.Exchange;
using StockActors.Simulator.Scenarios;

namespace StockActors.Bench;

/// <summary>
/// Markets with their traders, on one core: book events (executions, new orders, replacements, cancels) in steady state, from an hour after the opening
/// on, beside a day of the same market that is made and run from its opening, as a lane that is taken over does. And how long one action takes: all that a
/// trader does at its turn, of a market maker up to a dozen quotes, with the ticks and their checksum.
/// </summary>
internal sealed class ExchangeBenchmark : Benchmark
{
    private const long Step = UnixNanos.PerSecond;
    private const int Steps = 3_600;

    /// <summary>More markets than a row's rounds get through: none is made while they are measured.</summary>
    private const int Markets = 1_000;

    /// <summary>So short that hardly ever two act in it.</summary>
    private const long Moment = UnixNanos.PerSecond / 2_000;

    private static readonly TradingDay Day = new(new DateOnly(2026, 1, 5));
    private static readonly double NanosPerTimestamp = 1e9 / Stopwatch.Frequency;

    /// <inheritdoc/>
    public override string Name => "exchange";

    /// <inheritdoc/>
    public override string Summary => "traders and book, one core: book events of the shipped scenarios, beside a day that begins with its traders, and how long one action takes (p50, p99, p99.9)";

    /// <inheritdoc/>
    public override IEnumerable<Row> Run() => ScenarioFile.Names.SelectMany(name => Run(name, ScenarioFile.Open(name).Markets(1)[0]));

    private static IEnumerable<Row> Run(string name, MarketSpec spec)
    {
        using var ticks = new TickBuffer();
        var begun = new Queue<MarketEngine>(Enumerable.Range(0, Markets).Select(_ => Begin(spec, ticks)));
        var engine = begun.Dequeue();
        yield return Race.Run($"exchange.{name}", "events", () => Hour(engine.Time < Day.Closing - (Steps * Step) ? engine : engine = Next(), ticks), () =>
        {
            var whole = new MarketEngine(spec, "bench", 1, Day, spec.AtFirstOpen);
            return Hour(whole, ticks);
        });

        Actions(Begin(spec, ticks), ticks, []);
        var nanos = new List<double>(1_000_000);
        var market = Begin(spec, ticks);
        var (allocated, cpu) = (GC.GetTotalAllocatedBytes(precise: true), Environment.CpuUsage.TotalTime);
        Actions(market, ticks, nanos);
        (allocated, cpu) = (GC.GetTotalAllocatedBytes(precise: true) - allocated, Environment.CpuUsage.TotalTime - cpu);
        nanos.Sort();
        using var process = Process.GetCurrentProcess();
        foreach (var (percentile, share) in ((string, double)[])[("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999)])
        {
            yield return new Row($"exchange.{name}.{percentile}", nanos[(int)(nanos.Count * share)], "ns", null, cpu.TotalSeconds, process.PeakWorkingSet64 / 1e6,
                (double)allocated / nanos.Count);
        }

        MarketEngine Next() => begun.TryDequeue(out var next) ? next : Begin(spec, ticks);
    }

    private static MarketEngine Begin(MarketSpec spec, TickBuffer ticks)
    {
        var engine = new MarketEngine(spec, "bench", 1, Day, spec.AtFirstOpen);
        Hour(engine, ticks);
        return engine;
    }

    private static int Hour(MarketEngine engine, TickBuffer ticks)
    {
        var before = engine.BookEvents;
        for (var i = 0; i < Steps; i++)
        {
            ticks.Clear();
            engine.Advance(engine.Time + Step, ticks);
        }

        return (int)(engine.BookEvents - before);
    }

    /// <summary>The rest of the day's continuous trading, moment by moment: those in which something came to the book.</summary>
    private static void Actions(MarketEngine engine, TickBuffer ticks, List<double> nanos)
    {
        while (engine.Time < Day.Closing)
        {
            ticks.Clear();
            var (events, started) = (engine.BookEvents, Stopwatch.GetTimestamp());
            engine.Advance(engine.Time + Moment, ticks);
            var elapsed = Stopwatch.GetTimestamp() - started;
            if (engine.BookEvents > events)
                nanos.Add(elapsed * NanosPerTimestamp);
        }
    }
}
