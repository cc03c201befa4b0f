using StockActors.Market;
using StockActors.Simulator.Exchange;
using StockActors.Simulator.Scenarios;

namespace StockActors.Bench;

/// <summary>
/// Markets with their traders, on one core: book events (executions, new orders, replacements, cancels) in steady state, from an hour after the opening
/// on, beside a day of the same market that is made and run from its opening, as a lane that is taken over does.
/// </summary>
internal sealed class ExchangeBenchmark : Benchmark
{
    private const long Step = UnixNanos.PerSecond;
    private const int Steps = 3_600;
    private static readonly TradingDay Day = new(new DateOnly(2026, 1, 5));

    /// <inheritdoc/>
    public override string Name => "exchange";

    /// <inheritdoc/>
    public override string Summary => "traders and book, one core: book events of the shipped scenarios, beside a day that begins with its traders";

    /// <inheritdoc/>
    public override IEnumerable<Row> Run() => ScenarioFile.Names.Select(name => Measure(name, ScenarioFile.Open(name).Markets(1)[0]));

    private static Row Measure(string name, MarketSpec spec)
    {
        // A pass is an hour, and there are five in a day; what the next day's traders take is the byte or two an event that are shown.
        using var ticks = new TickBuffer();
        var engine = Begin(spec, ticks);
        return Race.Run($"exchange.{name}", "events", () => Hour(engine.Time < Day.Closing - (Steps * Step) ? engine : engine = Begin(spec, ticks), ticks), () =>
        {
            var whole = new MarketEngine(spec, "bench", 1, Day, spec.AtFirstOpen);
            return Hour(whole, ticks);
        });
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
}
