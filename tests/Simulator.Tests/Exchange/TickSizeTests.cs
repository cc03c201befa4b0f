using StockActors.Market;
using StockActors.Simulator.Exchange;
using StockActors.Simulator.Scenarios;
using StockActors.Simulator.Tests.Book;

namespace StockActors.Simulator.Tests.Exchange;

/// <summary>Markets whose tick size depends on the price, which news carries through the bands of it.</summary>
public sealed class TickSizeTests
{
    /// <summary>The grids are in ten-thousandths.</summary>
    private const long Unit = Price.One / 10_000;

    private static readonly Scenario Crisis = ScenarioFile.Open("crisis");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Every_price_of_a_day_lies_on_the_grid_of_its_symbol(int seed)
    {
        // From a tenth of a basis point to a percent of the price.
        var random = new Random(seed);
        var grid = new RandomGrid(random, [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000], 97_000, 103_000);
        var spec = Spec(grid, 100_000);
        var engine = new MarketEngine(spec, Days.RunId, seed, Days.First, spec.AtFirstOpen);
        Intervention[] news = [News(30, 80_000), News(40, -60_000), News(60, -80_000)];
        using var ticks = new TickBuffer();
        foreach (var shock in news)
            engine.Apply(shock, ticks);
        engine.Advance(Days.First.Open + (90 * 60 * UnixNanos.PerSecond), ticks);

        var (steps, prices) = (new HashSet<long>(), 0);
        foreach (var tick in ticks.Ticks)
        {
            Span<long?> all = [tick.Book.Bid?.Price, tick.Book.Ask?.Price, tick.Kind == TickKind.Trade ? tick.Trade.Price : null, tick.Status.LimitUp, tick.Status.LimitDown];
            foreach (var price in all)
            {
                if (price is not { } some)
                    continue;
                Assert.True(some % Unit == 0 && grid.Has(some / Unit), $"seed {seed}, {grid}: {Price.Format(some)} of {tick}");
                steps.Add(grid.StepAt(some / Unit));
                prices++;
            }

            if (tick.Status is { LimitUp: { } up, LimitDown: { } down })
                Assert.True(up > down + 1, $"seed {seed}, {grid}: {tick}");
        }

        var kinds = ticks.Ticks.ToArray();
        Assert.InRange(prices, 5_000, int.MaxValue);
        Assert.True(steps.Count >= 2, $"seed {seed}, {grid}: no band was left");
        Assert.Contains(kinds, t => t.Status.Action == StatusAction.Halt && t.Kind == TickKind.Status);
        Assert.True(kinds.Count(t => t.Kind == TickKind.Trade && t.Trade.Side == Side.None) > 2, $"seed {seed}, {grid}: no auction had trades");
        Assert.Equal(engine.Position, MarketEngine.Replay(spec, Days.RunId, seed, engine.Position, engine.Time, news).Position);
    }

    private static Intervention News(int minute, long size) =>
        new(Days.RunId, 0, $"news-{minute}", "ACME", InterventionKind.Shock, "news", Days.First.Open + (minute * 60 * UnixNanos.PerSecond), size);

    private static MarketSpec Spec(RandomGrid grid, long price)
    {
        while (!grid.Has(price))
            price++;
        var symbol = new SymbolModel
        {
            Symbol = "ACME",
            StartPrice = Price.ToDecimal(price * Unit),
            TickSize = new TickSizes([.. grid.Bands.Select(band => new TickSizeBand { From = Price.ToDecimal(band.From * Unit), Step = Price.ToDecimal(band.Step * Unit) })]),
            Lot = 10,
            Volatility = "medium",
            Traders = "thin",
        };
        return (Crisis with { Symbols = [symbol], More = null }).Markets(1)[0];
    }
}
