using StockActors.Market;
using StockActors.Simulator.Exchange;

namespace StockActors.Simulator.Tests.Exchange;

/// <summary>Days of the default markets, run whole.</summary>
internal static class Days
{
    public const string RunId = "a-run";

    /// <summary>A Monday.</summary>
    public static TradingDay First { get; } = new(new DateOnly(2026, 1, 5));

    public static MarketEngine Engine(int market = 0, long seed = 1, string runId = RunId)
    {
        var spec = MarketSpec.Default(market);
        return new MarketEngine(spec, runId, seed, First, spec.AtFirstOpen);
    }

    public static Tick[] Run(MarketEngine engine, long? until = null)
    {
        using var ticks = new TickBuffer();
        engine.Advance(until ?? engine.Day.Close, ticks);
        return ticks.Ticks.ToArray();
    }

    public static ulong Checksum(IEnumerable<Tick> ticks) => ticks.Aggregate(TickChecksum.Empty, (sum, tick) => TickChecksum.Add(sum, tick));
}
