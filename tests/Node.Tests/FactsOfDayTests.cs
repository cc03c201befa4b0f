using StockActors.Market;
using StockActors.Node.Reports;

namespace StockActors.Node.Tests;

public sealed class FactsOfDayTests
{
    [Fact]
    public void Facts_of_a_made_up_day_are_what_it_was_made_of()
    {
        // Up and down in turn, each change of a size of its own, the volume in proportion to it; the other symbol does the same, and a third the opposite.
        var sizes = Enumerable.Range(0, 200).Select(i => ((i % 2) * 2) - 1).Select((sign, i) => sign * 0.001 * (1 + (i / 2 % 5))).ToList();
        var facts = FactsOfDay.Of([Series(sizes), Series(sizes), Series([.. sizes.Select(size => -size)])])!;

        Assert.Equal(600, facts.Returns);
        Assert.InRange(facts.Autocorrelation, -1, -0.8);
        Assert.Equal(1, facts.VolumeAndReturn, 2);
        Assert.Equal((1 - 1 - 1) / 3.0, facts.PairCorrelation, 2);
        var fourth = sizes.Average(r => Math.Pow(r, 4)) / Math.Pow(sizes.Average(r => r * r), 2);
        Assert.Equal(fourth - 3, facts.Kurtosis, 2);
    }

    [Fact]
    public void A_minute_without_trades_has_no_return_and_a_day_of_few_has_no_facts()
    {
        var candles = Series([.. Enumerable.Range(0, 60).Select(i => 0.001 * ((i % 3) - 1))]);
        Assert.Equal(60, FactsOfDay.Of([candles])!.Returns);
        Assert.Equal(58, FactsOfDay.Of([[.. candles.Where((_, minute) => minute != 20)]])!.Returns);
        Assert.Null(FactsOfDay.Of([[.. candles.Take(30)]]));
        Assert.Null(FactsOfDay.Of([]));
    }

    private static List<Candle> Series(IReadOnlyList<double> returns)
    {
        var price = 100m;
        var candles = new List<Candle> { new(0, price, price, price, price, 0, 1) };
        foreach (var change in returns)
        {
            price *= 1 + (decimal)change;
            candles.Add(new Candle(candles.Count * 60 * UnixNanos.PerSecond, price, price, price, price, (long)(Math.Abs(change) * 1e6), 1));
        }

        return candles;
    }
}
