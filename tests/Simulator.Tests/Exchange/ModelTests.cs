using StockActors.Market;
using StockActors.Simulator.Book;
using StockActors.Simulator.Exchange;
using StockActors.Simulator.Scenarios;

namespace StockActors.Simulator.Tests.Exchange;

/// <summary>What moves values and when someone acts, against what is known of them.</summary>
public sealed class ModelTests
{
    [Fact]
    public void The_factor_is_the_same_for_all_symbols_and_follows_from_seed_and_day_alone()
    {
        var still = Scenario.Calm.Volatility.ToDictionary(c => c.Key, c => c.Value with { DailyPercent = 0, OvernightPercent = 0, JumpsPerDay = 0, Beta = 1, HalfLifeDays = 10_000 });
        var scenario = Scenario.Calm with { Volatility = still };
        var (one, other) = (Relative(scenario.Market(0), 1, Days.First), Relative(scenario.Market(7), 1, Days.First));
        Assert.All(one.Zip(other), pair => Assert.Equal(pair.First, pair.Second, 6));
        Assert.NotEqual(one[^1], Relative(scenario.Market(0), 2, Days.First)[^1], 6);
        Assert.NotEqual(one[^1], Relative(scenario.Market(0), 1, Days.First.Next)[^1], 6);

        static List<double> Relative(MarketSpec spec, long seed, TradingDay day)
        {
            var fundamental = new Fundamental(spec, seed, day, spec.StartPrice);
            var values = new List<double>();
            for (var i = 0; i < 23_400; i++)
            {
                fundamental.Step();
                values.Add(fundamental.Value * spec.TickSize / spec.StartPrice);
            }

            return values;
        }
    }

    [Fact]
    public void A_day_s_return_has_the_deviation_that_its_class_says()
    {
        var scenario = Scenario.Calm with
        {
            Factor = Scenario.Calm.Factor with { DailyPercent = 0, OvernightPercent = 0, JumpsPerDay = 0 },
            Session = Scenario.Calm.Session with { OpenVolatility = 0, CloseVolatility = 0 },
            Volatility = Scenario.Calm.Volatility.ToDictionary(c => c.Key, c => c.Value with { DailyPercent = 2, OvernightPercent = 0, JumpsPerDay = 0 }),
        };
        var spec = scenario.Market(0);
        var squares = 0.0;
        const int days = 400;
        for (var seed = 0; seed < days; seed++)
        {
            var fundamental = new Fundamental(spec, seed, Days.First, spec.StartPrice);
            for (var i = 0; i < 23_400; i++)
                fundamental.Step();
            squares += Math.Pow(Math.Log(fundamental.Value * spec.TickSize / spec.StartPrice), 2);
        }

        // The slow components of volatility make days differ: the mean square has a deviation of its own, of about a tenth.
        Assert.InRange(Math.Sqrt(squares / days), 0.015, 0.026);
    }

    [Fact]
    public void News_moves_the_value_by_what_it_says_and_the_value_goes_on_from_there()
    {
        var spec = MarketSpec.Default(0);
        var (told, untold) = (new Fundamental(spec, 1, Days.First, spec.StartPrice), new Fundamental(spec, 1, Days.First, spec.StartPrice));
        told.Shock(-0.2);
        Assert.Equal(untold.Value * 0.8, told.Value, 6);
        told.Step();
        untold.Step();
        Assert.Equal(untold.Value * 0.8, told.Value, 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.9)]
    public void Actions_come_as_often_as_said_and_in_clusters_where_they_excite_others(double branching)
    {
        var model = new ArrivalModel { PerSecond = 5, Branching = branching, TimeScalesSeconds = [0.3, 5], VolatilityExponent = 0 };
        var arrivals = new Arrivals(model, new RandomStream(3, "S", Days.First.Date, 0), 0, activity: 1);
        var counts = new double[40_000];
        var (second, next) = (UnixNanos.PerSecond, arrivals.Next(UnixNanos.PerSecond));
        for (var i = 0; i < counts.Length; i++)
        {
            while (next != Arrivals.None)
            {
                Assert.InRange(next, second - UnixNanos.PerSecond, second - 1);
                counts[i]++;
                arrivals.Excite();
                next = arrivals.Next(second);
            }

            arrivals.Begin(second, activity: 1);
            second += UnixNanos.PerSecond;
            next = arrivals.Next(second);
        }

        // Over a long time the variance of a self-exciting process is 1 / (1 − n)² of its mean, and within 30 s most of that.
        var blocks = counts.Chunk(30).Where(c => c.Length == 30).Select(c => c.Sum()).ToList();
        var mean = blocks.Average();
        var dispersion = blocks.Average(b => (b - mean) * (b - mean)) / mean;
        Assert.InRange(mean / 30, branching == 0 ? 4.9 : 4.2, branching == 0 ? 5.1 : 5.8);
        Assert.InRange(dispersion, branching == 0 ? 0.8 : 20, branching == 0 ? 1.2 : 100);
    }

    [Fact]
    public void Bands_follow_the_average_of_five_minutes_when_it_has_moved_by_a_percent()
    {
        var bands = new PriceBands(5, PriceGrid.Whole);
        Assert.False(bands.IsOn);
        bands.Begin(10_000);
        Assert.Equal((10_500, 9_500), (bands.Up, bands.Down));
        for (var second = 0; second < 300; second++)
        {
            bands.Trade(10_090);
            bands.Step();
        }

        Assert.Equal((10_500, 9_500), (bands.Up, bands.Down));
        for (var second = 0; second < 600; second++)
        {
            bands.Trade(10_200);
            bands.Step();
        }

        Assert.InRange(bands.Up, 10_605, 10_720);
        bands.End();
        Assert.False(bands.IsOn);
    }
}
