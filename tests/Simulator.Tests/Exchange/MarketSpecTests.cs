using StockActors.Market;
using StockActors.Simulator.Book;
using StockActors.Simulator.Exchange;
using StockActors.Simulator.Scenarios;

namespace StockActors.Simulator.Tests.Exchange;

public sealed class MarketSpecTests
{
    [Fact]
    public void Default_markets_have_names_and_prices_of_their_own()
    {
        var specs = Enumerable.Range(0, 2_000).Select(MarketSpec.Default).ToList();

        Assert.Equal(["S000", "S001", "S999", "S1000"], new[] { 0, 1, 999, 1_000 }.Select(i => specs[i].Symbol));
        Assert.All(specs, s => Assert.InRange(s.StartPrice, 20 * Price.One, 500 * Price.One));
        Assert.True(specs.DistinctBy(s => s.StartPrice).Count() > 1_900);
        Assert.Equal(specs, Enumerable.Range(0, 2_000).Select(MarketSpec.Default));
    }

    [Fact]
    public void A_market_that_cannot_be_is_refused_with_the_reason()
    {
        Assert.Contains("'a b'", Assert.Throws<ArgumentException>(() => new MarketSpec("a b", 100, 1, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("multiple", Assert.Throws<ArgumentOutOfRangeException>(() => new MarketSpec("A", 101, 2, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("multiple of its tick size, 0.00000002,", Assert.Throws<ArgumentOutOfRangeException>(() => On(new PriceGrid((0, 1), (10, 10)))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MarketSpec("A", Price.Max, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MarketSpec("A", 100, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MarketSpec("A", 100, 1, 0));
        Assert.True(On(new PriceGrid((0, 1), (10, 5))).IsPrice(30));

        static MarketSpec On(PriceGrid grid) => new("A", 30, 2, 1, Scenario.Calm, "medium", "liquid", grid);
    }
}
