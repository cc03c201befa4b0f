using StockActors.Market;
using StockActors.Simulator.Exchange;
using StockActors.Simulator.Scenarios;
using TheExchange = StockActors.Simulator.Exchange.Exchange;

namespace StockActors.Simulator.Tests.Exchange;

/// <summary>What a day says of itself beside its ticks, against what its ticks say.</summary>
public sealed class TruthTests
{
    private static readonly long Noon = Days.First.Open + (3 * UnixNanos.PerHour);

    [Theory]
    [InlineData("calm")]
    [InlineData("crisis")]
    public void Who_asks_for_the_truth_gets_the_same_ticks(string scenario)
    {
        var spec = ScenarioFile.Open(scenario).Market(0);
        var asked = Run(spec);
        Assert.Equal(Days.Run(new MarketEngine(spec, Days.RunId, 1, Days.First, spec.AtFirstOpen)), asked.Ticks);
        Assert.NotEmpty(asked.Truths);
    }

    [Fact]
    public void A_value_is_told_once_a_minute_from_the_open_on_and_is_what_the_traders_know()
    {
        var spec = MarketSpec.Default(0);
        var fundamental = new Fundamental(spec, 1, Days.First, spec.StartPrice);
        var values = Run(spec).Truths.Where(t => t.Kind == TruthKind.Value).ToList();
        for (var (second, i) = (0, 0); second < 23_400; fundamental.Step(), second++)
        {
            if (second % 60 == 0)
                Assert.Equal(new Truth(TruthKind.Value, "S000", Days.RunId, At(second), At(second), Side.None, (long)Math.Round(fundamental.Value * spec.TickSize), null, null, null), values[i++]);
        }

        Assert.Equal(390, values.Count);

        static long At(long second) => Days.First.Open + (second * UnixNanos.PerSecond);
    }

    [Fact]
    public void Metaorders_add_up_to_what_institutions_took()
    {
        // In this mix every child takes, so that all that institutions took in continuous trading was of metaorders.
        var (ticks, truths) = Run(MarketSpec.Default(0), seed: 2);
        var metaorders = truths.Where(t => t.Kind == TruthKind.Metaorder).ToList();
        foreach (var side in new[] { Side.Bid, Side.Ask })
        {
            var taken = ticks.Where(t => t.Kind == TickKind.Trade && t.Trade.Side == side && t.Trade.Aggressor == AgentClass.Institution).ToList();
            var told = metaorders.Where(m => m.Side == side).ToList();
            Assert.Equal(taken.Sum(t => t.Trade.Size), told.Sum(m => m.Filled!.Value));
            var (paid, said) = (taken.Sum(t => (decimal)t.Trade.Price * t.Trade.Size), told.Sum(m => (decimal)(m.Price ?? 0) * m.Filled!.Value));
            Assert.InRange(said - paid, -told.Sum(m => m.Filled!.Value), told.Sum(m => m.Filled!.Value));
        }

        Assert.True(metaorders.Count > 100);
        Assert.All(metaorders, m => Assert.True(m.Filled <= m.Size && m.Began <= m.TsEvent && m.Events >= 1));

        // What the close cut short is told at the close, and nothing else is short.
        Assert.All(metaorders, m => Assert.Equal(m.Filled < m.Size, m.TsEvent == Days.First.Close));
        Assert.Contains(metaorders, m => m.Filled < m.Size);
    }

    [Fact]
    public void A_fat_finger_is_told_with_what_it_took()
    {
        var (ticks, truths) = Run(With(new Anomaly { Kind = AnomalyKind.FatFinger, From = new TimeOnly(17, 30), Lots = 1_500, Seconds = 5 }));
        var order = ticks.Where(t => t.TsEvent == Noon && t.Kind == TickKind.Trade).ToList();
        var told = Assert.Single(truths, t => t.Kind == TruthKind.FatFinger);
        Assert.Equal((Noon, Noon, order[0].Trade.Side, 150_000, order.Sum(t => t.Trade.Size), 1), (told.Began, told.TsEvent, told.Side, told.Size, told.Filled, told.Events));
        Assert.Equal(Math.Floor((order.Sum(t => (decimal)t.Trade.Price * t.Trade.Size) / told.Filled!.Value) + 0.5m), told.Price!.Value);
    }

    [Fact]
    public void A_fat_finger_before_an_auction_is_told_with_what_the_auction_gave_it()
    {
        var (ticks, truths) = Run(With(new Anomaly { Kind = AnomalyKind.FatFinger, From = new TimeOnly(20, 57), Lots = 1 }));
        var told = Assert.Single(truths, t => t.Kind == TruthKind.FatFinger);
        var auction = ticks.Last(t => t.Kind == TickKind.Trade);
        Assert.Equal((Side.None, (long?)auction.Trade.Price, (long?)100), (auction.Trade.Side, told.Price, told.Filled));
        Assert.Equal((Days.First.Open + (387 * 60 * UnixNanos.PerSecond), Days.First.Close), (told.Began, told.TsEvent));
    }

    [Fact]
    public void Spoofing_is_told_with_what_was_shown_and_what_was_traded()
    {
        var (_, truths) = Run(With(new Anomaly { Kind = AnomalyKind.Spoofing, From = new TimeOnly(17, 30), Lots = 77, Seconds = 120 }));
        var told = Assert.Single(truths, t => t.Kind == TruthKind.Spoofing);
        Assert.Equal((Noon, Noon + (120 * UnixNanos.PerSecond), Side.None), (told.Began, told.TsEvent, told.Side));
        Assert.Equal(told.Size, told.Events * 77 * 100);
        Assert.InRange(told.Filled!.Value, 100, told.Size!.Value / 10);
    }

    [Fact]
    public void A_flash_crash_is_told_with_what_was_sold()
    {
        var (ticks, truths) = Run(With(new Anomaly { Kind = AnomalyKind.FlashCrash, From = new TimeOnly(17, 30), Lots = 150, Seconds = 60 }));
        var told = Assert.Single(truths, t => t.Kind == TruthKind.FlashCrash);
        var during = ticks.Where(t => t.Kind == TickKind.Trade && t.TsEvent >= Noon && t.TsEvent < told.TsEvent).ToList();
        Assert.Equal((Noon, Side.Ask, 240L), (told.Began, told.Side, told.Events));
        Assert.InRange(told.Filled!.Value, 1, during.Where(t => t.Trade.Aggressor == AgentClass.Institution && t.Trade.Side == Side.Ask).Sum(t => t.Trade.Size));
        Assert.InRange(told.Price!.Value, during.Min(t => t.Trade.Price), during.Max(t => t.Trade.Price));
    }

    [Fact]
    public void A_feed_gap_is_told_with_the_number_of_ticks_that_are_missing()
    {
        var (quiet, (gap, truths)) = (Run(Scenario.Calm.Market(0)), Run(With(new Anomaly { Kind = AnomalyKind.FeedGap, From = new TimeOnly(17, 30), Seconds = 60 })));
        var told = Assert.Single(truths, t => t.Kind == TruthKind.FeedGap);
        Assert.Equal((Noon, Noon + (60 * UnixNanos.PerSecond), quiet.Ticks.Length - gap.Length), (told.Began, told.TsEvent, told.Events));
    }

    [Fact]
    public void The_truth_is_the_same_in_steps_of_any_size_and_after_a_replay()
    {
        var spec = ScenarioFile.Open("crisis").Market(1);
        var whole = Run(spec).Truths;
        for (var seed = 0; seed < 3; seed++)
        {
            var random = new Random(seed);
            var told = new List<Truth>();
            var engine = new MarketEngine(spec, Days.RunId, 1, Days.First, spec.AtFirstOpen) { Truth = told.Add };
            using var ticks = new TickBuffer();
            while (engine.Time < Days.First.Close)
            {
                ticks.Clear();
                var before = told.Count;
                var (from, until) = (engine.Time, Math.Min(Days.First.Close, engine.Time + (long)Math.Pow(10, random.NextDouble() * 13)));
                engine.Advance(until, ticks);
                Assert.All(told.Skip(before), t => Assert.True(t.TsEvent >= from && (t.TsEvent < until || until == Days.First.Close), $"seed {seed}: {t} told from {from} to {until}"));
                if (random.Next(40) == 0)
                {
                    engine = MarketEngine.Replay(spec, Days.RunId, 1, engine.Position, engine.Time, []);
                    engine.Truth = told.Add;
                }
            }

            engine.Advance(Days.First.Close + 1, ticks);
            Assert.True(whole.SequenceEqual(told), $"seed {seed}");
        }
    }

    [Fact]
    public void An_exchange_tells_the_truth_of_all_its_markets()
    {
        var truths = new List<Truth>();
        var exchange = new TheExchange(Scenario.Calm, seed: 1, symbols: 2, Days.RunId) { Truth = truths.Add };
        Assert.NotEmpty(exchange.Run(Days.First).ToList());
        foreach (var spec in exchange.Markets)
            Assert.Equal(Run(spec).Truths, truths.Where(t => t.Symbol == spec.Symbol));
    }

    private static MarketSpec With(Anomaly anomaly) => (Scenario.Calm with { Anomalies = [anomaly] }).Market(0);

    private static (Tick[] Ticks, List<Truth> Truths) Run(MarketSpec spec, long seed = 1)
    {
        var truths = new List<Truth>();
        return (Days.Run(new MarketEngine(spec, Days.RunId, seed, Days.First, spec.AtFirstOpen) { Truth = truths.Add }), truths);
    }
}
