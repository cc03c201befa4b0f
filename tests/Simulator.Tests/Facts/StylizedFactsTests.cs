using StockActors.Simulator.Facts;

namespace StockActors.Simulator.Tests.Facts;

public sealed class StylizedFactsTests
{
    private static readonly string[] WhatNoRandomWalkHas =
    [
        "tail index (Hill)",
        "excess kurtosis, 1 min",
        "autocorrelation of absolute returns, least of lags 1–30",
        "autocorrelation of absolute returns, decay exponent",
        "correlation of volume and absolute return",
        "order-sign autocorrelation, decay exponent",
        "volatility of the first 30 min over midday's",
        "cross-correlation of symbols",
    ];

    [Fact]
    public void A_random_walk_has_uncorrelated_returns_and_fails_what_makes_a_market()
    {
        var report = StylizedFacts.Measure(RandomWalk.Sample(days: 10, symbols: 3, seed: 1, Exchange.Days.First));
        Assert.Equal((10, 30), (report.Days, report.SymbolDays));
        Assert.Empty(WhatNoRandomWalkHas.Except(report.Facts.Where(f => f.Verdict == Verdict.Fails).Select(f => f.Name)));
        Assert.Equal(Verdict.Holds, report.Facts[0].Verdict);
        Assert.All(report.Facts, f => Assert.True(f.Verdict != Verdict.Told || f.Gate is null));
    }

    [Fact]
    public void Intervals_hold_the_truth_as_often_as_they_say()
    {
        const double phi = -0.1;
        const int samples = 60;
        var covered = 0;
        for (var seed = 0; seed < samples; seed++)
        {
            var random = new Random(seed);
            var sample = new FactsSample();
            for (var day = 0; day < 30; day++)
                sample.Add(0, Series.Day("A", day, Series.Autoregressive(random, 120, phi)));
            var fact = StylizedFacts.Measure(sample, seed, resamples: 100).Facts[0];
            covered += fact.Low < phi && phi < fact.High ? 1 : 0;
        }

        // 57 of 60 by its name; a percentile interval of 30 days is a little narrow.
        Assert.InRange(covered, 51, 60);
    }

    [Fact]
    public void The_pattern_of_the_day_is_no_clustering_of_volatility()
    {
        var random = new Random(3);
        var sample = new FactsSample();
        for (var day = 0; day < 100; day++)
        {
            var returns = Series.Normals(random, 390);
            for (var t = 0; t < returns.Length; t++)
                returns[t] *= 1 + (2 * Math.Exp(-t / 60.0));
            sample.Add(0, Series.Day("A", day, returns));
        }

        var report = StylizedFacts.Measure(sample, resamples: 50);
        Assert.All(report.AbsoluteReturns.Values, v => Assert.InRange(v, -0.03, 0.03));
        Assert.Equal(Verdict.Holds, Of(report, "volatility of the first 30 min over midday's").Verdict);
    }

    [Fact]
    public void Symbols_of_one_run_correlate_by_what_they_share_and_those_of_two_runs_are_not_compared()
    {
        var random = new Random(4);
        var sample = new FactsSample();
        for (var day = 0; day < 30; day++)
        {
            for (var run = 0; run < 2; run++)
            {
                var common = Series.Normals(random, 390);
                foreach (var symbol in new[] { "A", "B", "C" })
                    sample.Add(run, Series.Day(symbol, day, [.. common.Select(c => (0.5 * c) + Series.Normal(random))]));
            }
        }

        var fact = Of(StylizedFacts.Measure(sample, resamples: 100), "cross-correlation of symbols");
        Assert.Equal(0.2, fact.Estimate, 0.02);
        Assert.Equal(Verdict.Holds, fact.Verdict);
    }

    [Fact]
    public void Too_few_days_have_no_intervals_and_prove_nothing()
    {
        var sample = new FactsSample();
        for (var day = 0; day < StylizedFacts.FewestDays - 1; day++)
            sample.Add(0, Series.Day("A", day, Series.Normals(new Random(day), 390)));
        var fact = StylizedFacts.Measure(sample).Facts[0];
        Assert.Equal((double.NaN, Verdict.Open), (fact.Low, fact.Verdict));
    }

    [Fact]
    public void The_same_sample_and_seed_give_the_same_report()
    {
        Assert.Equal(Facts(1), Facts(1));
        Assert.NotEqual(Facts(1), Facts(2));

        static IReadOnlyList<Fact> Facts(long seed)
        {
            var sample = new FactsSample();
            var day = Exchange.Days.First;
            for (var i = 0; i < StylizedFacts.FewestDays; i++, day = day.Next)
                sample.Add(0, RandomWalk.Day("S000", 1, day));
            return StylizedFacts.Measure(sample, seed, resamples: 20).Facts;
        }
    }

    private static Fact Of(FactsReport report, string name) => report.Facts.Single(f => f.Name == name);
}
