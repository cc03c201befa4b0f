using StockActors.Simulator.Exchange;

namespace StockActors.Simulator.Tests.Exchange;

public sealed class RandomStreamTests
{
    private const int Draws = 400_000;

    private readonly DateOnly _day = new(2026, 1, 5);

    [Fact]
    public void Gaps_are_exponential()
    {
        const long mean = 2_000_000_000;
        var random = new RandomStream(1, "S000", _day, 0);
        var gaps = Enumerable.Range(0, Draws).Select(_ => (double)random.Exponential(mean) / mean).ToList();

        // Each share's standard error is below 0.0008.
        foreach (var x in new[] { 0.1, 0.5, 1, 2, 4 })
            Assert.Equal(Math.Exp(-x), gaps.Count(g => g > x) / (double)Draws, 0.004);
        Assert.Equal(1, gaps.Average(), 0.01);
    }

    [Fact]
    public void Choices_are_even_and_coins_are_fair()
    {
        var random = new RandomStream(1, "S000", _day, 0);
        var choices = new int[7];
        var heads = new int[65];
        for (var i = 0; i < Draws; i++)
        {
            choices[random.Below(7)]++;
            heads[random.Geometric()]++;
        }

        Assert.All(choices, n => Assert.Equal(1 / 7.0, n / (double)Draws, 0.004));
        for (var n = 0; n < 5; n++)
            Assert.Equal(Math.Pow(0.5, n + 1), heads[n] / (double)Draws, 0.004);
    }

    [Fact]
    public void Streams_of_other_traders_days_symbols_and_seeds_are_others()
    {
        var streams = from seed in new long[] { 0, 1, -1 }
                      from symbol in new[] { "S000", "S001", "S00", "0S00" }
                      from day in new[] { _day, _day.AddDays(1) }
                      from trader in Enumerable.Range(0, 8)
                      select new RandomStream(seed, symbol, day, trader);
        var first = streams.Select(s => s.Next()).ToList();

        Assert.Equal(first.Count, first.Distinct().Count());
    }
}
