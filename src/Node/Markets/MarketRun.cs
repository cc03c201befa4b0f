using StockActors.Market;
using StockActors.Simulator.Exchange;
using StockActors.Simulator.Scenarios;

namespace StockActors.Node.Markets;

/// <summary>What is simulated, where to, and how fast: the same for every lane of a run.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Seed">All ticks follow from it.</param>
/// <param name="FirstDay">The run's first exchange day.</param>
/// <param name="Speed">Simulated seconds in a second; <c>null</c> for as fast as it goes.</param>
/// <param name="Topic">The topic of the ticks.</param>
/// <param name="Lanes">Its partitions.</param>
/// <param name="Markets">All symbols of the run.</param>
internal sealed record MarketRun(string RunId, long Seed, TradingDay FirstDay, double? Speed, string Topic, int Lanes, IReadOnlyList<MarketSpec> Markets)
{
    /// <summary>What the markets are of.</summary>
    public Scenario Scenario => Markets[0].Scenario;

    /// <summary>
    /// Simulated time goes in steps of a tenth of a second at real time, of a second from ten times on, of ten seconds without a limit: a step costs one
    /// question to every market, and must still be short against what a viewer of that speed can tell apart.
    /// </summary>
    public long Step => Speed switch
    {
        null => 10 * UnixNanos.PerSecond,
        >= 10 => UnixNanos.PerSecond,
        _ => UnixNanos.PerSecond / 10,
    };

    /// <summary>The symbols of one lane, ordered by symbol.</summary>
    public IReadOnlyList<MarketSpec> MarketsOf(int lane) =>
        [.. Markets.Where(m => Market.Lanes.Of(m.Symbol, Lanes) == lane).OrderBy(m => m.Symbol, StringComparer.Ordinal)];
}
