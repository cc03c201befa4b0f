using StockActors.Market;
using StockActors.Simulator.Facts;

namespace StockActors.Simulator.Tests.Facts;

/// <summary>The statistics against series of which the truth is known.</summary>
public sealed class StatisticsTests
{
    private const int Many = 200_000;

    [Theory]
    [InlineData(0.5)]
    [InlineData(-0.1)]
    public void An_autoregressive_series_has_the_powers_of_its_coefficient_for_autocorrelation(double phi)
    {
        var curve = Autocorrelation.Of(Autocorrelation.SumsOf(Series.Autoregressive(new Random(1), Many, phi), [1, 2, 3, 10]));
        Assert.All(curve.Zip([1, 2, 3, 10]), c => Assert.Equal(Math.Pow(phi, c.Second), c.First, 0.01));
    }

    [Fact]
    public void What_sets_days_apart_counts_as_dependence_and_pairs_do_not_reach_over_the_night()
    {
        var random = new Random(2);
        double[] sums = new double[5];
        for (var day = 0; day < 4_000; day++)
        {
            var level = Series.Normal(random);
            var values = Series.Normals(random, 50);
            for (var t = 0; t < values.Length; t++)
                values[t] += level;
            values[7] = double.NaN;
            var ofDay = Autocorrelation.SumsOf(values, [20]);
            Assert.Equal((49, 29), (ofDay[0], ofDay[3]));
            for (var i = 0; i < sums.Length; i++)
                sums[i] += ofDay[i];
        }

        Assert.Equal(0.5, Autocorrelation.Of(sums)[0], 0.03);
    }

    [Fact]
    public void Garch_has_the_kurtosis_and_the_autocorrelation_of_squares_that_Bollerslev_gives()
    {
        const double alpha = 0.1, beta = 0.8;
        var x = Series.Garch(new Random(3), 2_000_000, alpha, beta);

        var kurtosis = (3 * (1 - Math.Pow(alpha + beta, 2)) / (1 - Math.Pow(alpha + beta, 2) - (2 * alpha * alpha))) - 3;
        Assert.Equal(kurtosis, Moments.ExcessKurtosis(Moments.SumsOf(x, 1)), 0.1);
        Assert.Equal(0, Moments.Skewness(Moments.SumsOf(x, 1)), 0.02);

        var first = alpha * (1 - (alpha * beta) - (beta * beta)) / (1 - (2 * alpha * beta) - (beta * beta));
        var curve = Autocorrelation.Of(Autocorrelation.SumsOf([.. x.Select(v => v * v)], [1, 2, 5, 10]));
        Assert.All(curve.Zip([1, 2, 5, 10]), c => Assert.Equal(first * Math.Pow(alpha + beta, c.Second - 1), c.First, 0.02));
    }

    [Fact]
    public void Kurtosis_and_skewness_are_those_of_the_sums_of_independent_returns()
    {
        // An exponential variate has skewness 2 and excess kurtosis 6; a sum of n independent ones 2/√n and 6/n.
        var random = new Random(4);
        double[] x = [.. Enumerable.Range(0, 1_000_000).Select(_ => -Math.Log(1 - random.NextDouble()))];
        foreach (var horizon in new[] { 1, 10 })
        {
            var sums = Moments.SumsOf(x, horizon);
            Assert.Equal(2 / Math.Sqrt(horizon), Moments.Skewness(sums), 0.05);
            Assert.Equal(6.0 / horizon, Moments.ExcessKurtosis(sums), 0.3);
        }
    }

    [Theory]
    [InlineData(2, 0.15)]
    [InlineData(3, 0.35)]
    [InlineData(4, 0.7)]
    public void The_tail_index_of_a_Student_distribution_is_its_degrees_of_freedom_and_never_more(int degrees, double bias)
    {
        var random = new Random(5);
        double[] x = [.. Enumerable.Range(0, Many).Select(_ => Series.StudentT(random, degrees))];
        Assert.InRange(Index(x), degrees - bias, degrees + 0.1);
    }

    [Fact]
    public void A_normal_distribution_has_no_such_tail()
    {
        Assert.InRange(Index(Series.Normals(new Random(6), Many)), 6, 9);
    }

    [Theory]
    [InlineData(1.4)]
    [InlineData(1.6)]
    public void Signs_of_split_orders_decay_with_the_index_of_their_lengths_less_one(double alpha)
    {
        var lags = DayRecorder.SignLags[3..];
        var curve = Autocorrelation.Of(Autocorrelation.SumsOf(Series.SplitOrders(new Random(7), 2_000_000, alpha, atOnce: 4), lags));
        Assert.Equal(alpha - 1, -PowerLaw.Exponent([.. lags.Select(l => (double)l)], curve), 0.1);
    }

    [Fact]
    public void A_power_law_gives_its_exponent_and_what_touches_zero_has_none()
    {
        double[] x = [1, 2, 5, 17, 60];
        double[] y = [.. x.Select(v => 3 * Math.Pow(v, -0.3))];
        Assert.Equal(-0.3, PowerLaw.Exponent(x, y), 1e-12);
        Assert.Equal(-0.3, PowerLaw.Exponent(x, y, [1, 9, 2, 7, 3]), 1e-12);
        y[3] = 0;
        Assert.Equal(double.NaN, PowerLaw.Exponent(x, y));
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(1.0)]
    public void Impact_gives_the_exponent_with_which_it_was_made(double exponent)
    {
        var random = new Random(8);
        var sums = new double[PriceImpact.Sums];
        for (var i = 0; i < Many; i++)
        {
            var size = 100 * (long)Math.Pow(1 - random.NextDouble(), -1 / 1.5);
            PriceImpact.Add(sums, size, Math.Pow(size, exponent) * (1 + Series.Normal(random)));
        }

        Assert.Equal(exponent, PriceImpact.Exponent(sums), 0.03);
    }

    [Fact]
    public void Correlation_is_that_of_two_series_with_a_common_part()
    {
        var random = new Random(9);
        double[] common = Series.Normals(random, Many);
        double[] x = [.. common.Select(c => c + Series.Normal(random))];
        double[] y = [.. common.Select(c => 5 - c - Series.Normal(random))];
        x[3] = y[8] = double.NaN;
        var sums = Moments.SumsOf(x, y);
        Assert.Equal((Many - 2, -0.5), (sums[0], Math.Round(Moments.Correlation(sums), 2)));
    }

    [Fact]
    public void Order_flow_imbalance_counts_what_each_quote_adds_and_takes_at_the_best()
    {
        OrderFlowImbalance flow = default;
        double[] added = [.. new[]
        {
            Book(10, 300, 12, 200), // the first: nothing to compare with
            Book(10, 500, 12, 200), // 200 more bid
            Book(10, 500, 12, 150), // 50 less offered
            Book(11, 100, 12, 150), // a new best bid of 100
            Book(10, 500, 12, 150), // and it goes again
            Book(10, 500, 13, 400), // 150 offered are gone
            Book(10, 500, 12, 250), // a new best offer of 250
            Book(0, 0, 12, 250),
            Book(10, 500, 12, 250), // after an empty side: nothing to compare with
        }.Select(b => flow.Add(b))];
        Assert.Equal([0, 200, 50, 100, -100, 150, -250, 0, 0], added);

        static BestBidOffer Book(long bid, long bidSize, long ask, long askSize) =>
            new(bidSize == 0 ? null : new BookLevel(bid, bidSize, 1), new BookLevel(ask, askSize, 1));
    }

    private static double Index(double[] x) => 1 / TailIndex.Reciprocal(TailIndex.SumsOf(x, TailIndex.Threshold(x)));
}
