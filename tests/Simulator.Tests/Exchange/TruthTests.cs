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
        Assert.True(Days.Run(new MarketEngine(spec, Days.RunId, 1, Days.First, spec.AtFirstOpen)).AsSpan().SequenceEqual(asked.Ticks));
        Assert.NotEmpty(asked.Told);
    }

    [Fact]
    public void A_value_is_told_once_a_minute_from_the_open_on_and_is_what_the_traders_know()
    {
        var spec = MarketSpec.Default(0);
        var fundamental = new Fundamental(spec, 1, Days.First, spec.StartPrice);
        var values = Run(spec).Told.Where(t => t.Truth?.Kind == TruthKind.Value).Select(t => (t.TsEvent, t.Truth)).ToList();
        for (var (second, i) = (0, 0); second < 23_400; fundamental.Step(), second++)
        {
            if (second % 60 == 0)
                Assert.Equal((At(second), new Truth(TruthKind.Value, At(second), Side.None, (long)Math.Round(fundamental.Value * spec.TickSize), null, null, null)), values[i++]);
        }

        Assert.Equal(390, values.Count);

        static long At(long second) => Days.First.Open + (second * UnixNanos.PerSecond);
    }

    [Fact]
    public void Metaorders_add_up_to_what_institutions_took()
    {
        // In this mix every child takes, so that all that institutions took in continuous trading was of metaorders.
        var (ticks, truths) = Run(MarketSpec.Default(0), seed: 2);
        var all = truths.Where(t => t.Truth?.Kind == TruthKind.Metaorder).ToList();
        var metaorders = all.Select(t => t.Truth!).ToList();
        foreach (var side in new[] { Side.Bid, Side.Ask })
        {
            var taken = ticks.Where(t => t.Kind == TickKind.Trade && t.Trade.Side == side && t.Trade.Aggressor == AgentClass.Institution).ToList();
            var told = metaorders.Where(m => m.Side == side).ToList();
            Assert.Equal(taken.Sum(t => t.Trade.Size), told.Sum(m => m.Filled!.Value));
            var (paid, said) = (taken.Sum(t => (decimal)t.Trade.Price * t.Trade.Size), told.Sum(m => (decimal)(m.Price ?? 0) * m.Filled!.Value));
            Assert.InRange(said - paid, -told.Sum(m => m.Filled!.Value), told.Sum(m => m.Filled!.Value));
        }

        Assert.True(metaorders.Count > 100);
        Assert.All(all, m => Assert.True(m.Truth!.Filled <= m.Truth.Size && m.Truth.Began <= m.TsEvent && m.Truth.Events >= 1));

        // What the close cut short is told at the close, and nothing else is short.
        Assert.All(all, m => Assert.Equal(m.Truth!.Filled < m.Truth.Size, m.TsEvent == Days.First.Close));
        Assert.Contains(metaorders, m => m.Filled < m.Size);
    }

    [Fact]
    public void A_fat_finger_is_told_with_what_it_took()
    {
        var (ticks, truths) = Run(With(new Anomaly { Kind = AnomalyKind.FatFinger, From = new TimeOnly(17, 30), Lots = 1_500, Seconds = 5 }));
        var order = ticks.Where(t => t.TsEvent == Noon && t.Kind == TickKind.Trade).ToList();
        var (at, told) = Only(truths, TruthKind.FatFinger);
        Assert.Equal((Noon, Noon, order[0].Trade.Side, 150_000, order.Sum(t => t.Trade.Size), 1), (told.Began, at, told.Side, told.Size, told.Filled, told.Events));
        Assert.Equal(Math.Floor((order.Sum(t => (decimal)t.Trade.Price * t.Trade.Size) / told.Filled!.Value) + 0.5m), told.Price!.Value);
    }

    [Fact]
    public void A_fat_finger_before_an_auction_is_told_with_what_the_auction_gave_it()
    {
        var (ticks, truths) = Run(With(new Anomaly { Kind = AnomalyKind.FatFinger, From = new TimeOnly(20, 57), Lots = 1 }));
        var (at, told) = Only(truths, TruthKind.FatFinger);
        var auction = ticks.Last(t => t.Kind == TickKind.Trade);
        Assert.Equal((Side.None, (long?)auction.Trade.Price, (long?)100), (auction.Trade.Side, told.Price, told.Filled));
        Assert.Equal((Days.First.Open + (387 * 60 * UnixNanos.PerSecond), Days.First.Close), (told.Began, at));
    }

    [Fact]
    public void Spoofing_is_told_with_what_was_shown_and_what_was_traded()
    {
        var (_, truths) = Run(With(new Anomaly { Kind = AnomalyKind.Spoofing, From = new TimeOnly(17, 30), Lots = 77, Seconds = 120 }));
        var (at, told) = Only(truths, TruthKind.Spoofing);
        Assert.Equal((Noon, Noon + (120 * UnixNanos.PerSecond), Side.None), (told.Began, at, told.Side));
        Assert.Equal(told.Size, told.Events * 77 * 100);
        Assert.InRange(told.Filled!.Value, 100, told.Size!.Value / 10);
    }

    [Fact]
    public void A_flash_crash_is_told_with_what_was_sold()
    {
        var (ticks, truths) = Run(With(new Anomaly { Kind = AnomalyKind.FlashCrash, From = new TimeOnly(17, 30), Lots = 150, Seconds = 60 }));
        var (at, told) = Only(truths, TruthKind.FlashCrash);
        var during = ticks.Where(t => t.Kind == TickKind.Trade && t.TsEvent >= Noon && t.TsEvent < at).ToList();
        Assert.Equal((Noon, Side.Ask, 240L), (told.Began, told.Side, told.Events));
        Assert.InRange(told.Filled!.Value, 1, during.Where(t => t.Trade.Aggressor == AgentClass.Institution && t.Trade.Side == Side.Ask).Sum(t => t.Trade.Size));
        Assert.InRange(told.Price!.Value, during.Min(t => t.Trade.Price), during.Max(t => t.Trade.Price));
    }

    [Fact]
    public void A_feed_gap_is_told_with_the_number_of_ticks_that_are_missing()
    {
        var (quiet, (gap, truths)) = (Run(Scenario.Calm.Market(0)), Run(With(new Anomaly { Kind = AnomalyKind.FeedGap, From = new TimeOnly(17, 30), Seconds = 60 })));
        var (at, told) = Only(truths, TruthKind.FeedGap);
        Assert.Equal((Noon, Noon + (60 * UnixNanos.PerSecond), quiet.Ticks.Length - gap.Length), (told.Began, at, told.Events));
    }

    [Fact]
    public void The_truth_is_the_same_in_steps_of_any_size_and_after_a_replay_on_its_second_day_too()
    {
        var spec = ScenarioFile.Open("crisis").Market(1) with { TellsTruth = true };
        var first = new MarketEngine(spec, Days.RunId, 1, Days.First, spec.AtFirstOpen);
        Tick[] whole = [.. Days.Run(first), .. Days.Run(new MarketEngine(spec, Days.RunId, 1, first.Day.Next, first.NextDay()))];
        var told = whole.Where(IsTold).ToList();
        Assert.Equal(Enumerable.Range(1, told.Count).Select(i => (long?)i), told.Select(t => t.Sequence));
        Assert.Equal((TickKind.Run, Days.First.Open), (told[0].Kind, told[0].TsEvent));
        Assert.Single(told, t => t.Kind == TickKind.Run);
        for (var seed = 0; seed < 3; seed++)
        {
            var random = new Random(seed);
            var again = new List<Tick>();
            using var ticks = new TickBuffer();
            var engine = new MarketEngine(spec, Days.RunId, 1, Days.First, spec.AtFirstOpen);
            for (var days = 0; days < 2; engine = new MarketEngine(spec, Days.RunId, 1, engine.Day.Next, engine.NextDay()), days++)
            {
                while (engine.Time < engine.Day.Close)
                {
                    ticks.Clear();
                    var (from, until) = (engine.Time, Math.Min(engine.Day.Close, engine.Time + (long)Math.Pow(10, random.NextDouble() * 13)));
                    engine.Advance(until, ticks);
                    foreach (var tick in ticks.Ticks)
                        Assert.True(tick.TsEvent >= from && (tick.TsEvent < until || until == engine.Day.Close), $"seed {seed}: {tick} told from {from} to {until}");
                    again.AddRange(ticks.Ticks);
                    if (engine.Time == engine.Day.Close || random.Next(40) != 0)
                        continue;
                    var reached = engine.Position;
                    engine = MarketEngine.Replay(spec, Days.RunId, 1, reached, engine.Time, []);
                    Assert.True(reached == engine.Position, $"seed {seed}: {reached} became {engine.Position}");
                }
            }

            Assert.True(whole.SequenceEqual(again), $"seed {seed}");
        }
    }

    [Fact]
    public void A_market_that_stood_still_from_its_first_open_into_its_second_day_begins_the_truth_when_it_is_resumed_and_is_caught_up_with_the_same()
    {
        var (open, noon) = (Days.First.Open, Days.First.Next.Open + UnixNanos.PerHour);
        Intervention[] interventions = [Halt(InterventionKind.Halt, open), Halt(InterventionKind.Resume, noon)];
        using var ticks = new TickBuffer();
        var first = new MarketEngine(Told, Days.RunId, 1, Days.First, Told.AtFirstOpen);
        first.Apply(interventions[0], ticks);
        Assert.Equal(1, first.Position.NextTruth);
        ticks.Clear();
        var engine = new MarketEngine(Told, Days.RunId, 1, Days.First.Next, first.NextDay(), halted: true);
        engine.Apply(interventions[1], ticks);
        engine.Advance(noon + UnixNanos.PerHour, ticks);
        var told = ticks.Ticks.ToArray().Where(IsTold).ToList();
        Assert.Equal(TickKind.Run, told[0].Kind);
        Assert.Equal(Enumerable.Range(0, 120).Select(minute => Days.First.Next.Open + (minute * 60 * UnixNanos.PerSecond)), told.Where(t => t.Truth?.Kind == TruthKind.Value).Select(t => t.TsEvent));
        Assert.Equal(Enumerable.Range(1, told.Count).Select(i => (long?)i), told.Select(t => t.Sequence));
        Assert.Equal(engine.Position, MarketEngine.Replay(Told, Days.RunId, 1, engine.Position, engine.Time, interventions).Position);

        static Intervention Halt(InterventionKind kind, long at) => new(Days.RunId, 0, $"{kind}", Told.Symbol, kind, "operator", at);
    }

    [Theory]
    [InlineData("busy")]
    [InlineData("crisis")]
    public void A_runs_record_holds_a_scenario_that_makes_the_same_ticks(string scenario)
    {
        // Not the first symbol, and with a grid in bands: what is not of this symbol must not count.
        var bands = new TickSizes([new TickSizeBand { From = 0, Step = 0.005m }, new TickSizeBand { From = 10, Step = 0.01m }, new TickSizeBand { From = 150, Step = 0.05m }]);
        var all = ScenarioFile.Open(scenario);
        var spec = (all with { More = all.More! with { TickSize = bands, PriceFrom = 5 } }).Market(2) with { TellsTruth = true };
        var (ticks, told) = Run(spec, seed: 3);
        var (at, run) = (told[0].TsEvent, told[0].Run!);
        Assert.Equal((Days.First.Open, 3, scenario), (at, run.Seed, run.Scenario));
        var again = ScenarioFile.Read(System.Text.Encoding.UTF8.GetBytes(run.Configuration), "a run's record");
        var exchange = new TheExchange(again, run.Seed, runId: Days.RunId);
        Assert.True(ticks.SequenceEqual(exchange.Run(Days.First)));
        Assert.Equal(run.Configuration, Assert.Single(exchange.Markets).Configuration);
    }

    [Fact]
    public void An_exchange_tells_the_truth_of_all_its_markets_in_the_order_of_time()
    {
        var truths = new List<Tick>();
        var exchange = new TheExchange(Scenario.Calm, seed: 1, symbols: 2, Days.RunId) { Truth = truths.Add };
        Assert.DoesNotContain(exchange.Run(Days.First), t => TickFeeds.IsBeside(t.Kind));
        foreach (var spec in exchange.Markets)
            Assert.Equal(Run(spec).Told.Where(t => t.Kind == TickKind.Truth), truths.Where(t => t.Symbol == spec.Symbol));
        Assert.Equal(truths.Select(t => t.TsEvent).Order(), truths.Select(t => t.TsEvent));
    }

    private static MarketSpec Told => MarketSpec.Default(0) with { TellsTruth = true };

    private static MarketSpec With(Anomaly anomaly) => (Scenario.Calm with { Anomalies = [anomaly] }).Market(0);

    private static bool IsTold(Tick tick) => TickFeeds.Of(tick.Kind) == TickFeed.Truth;

    private static (long TsEvent, Truth Truth) Only(IEnumerable<Tick> told, TruthKind kind)
    {
        var only = Assert.Single(told, t => t.Truth?.Kind == kind);
        return (only.TsEvent, only.Truth!);
    }

    private static (Tick[] Ticks, Tick[] Told) Run(MarketSpec spec, long seed = 1)
    {
        spec = spec with { TellsTruth = true };
        var all = Days.Run(new MarketEngine(spec, Days.RunId, seed, Days.First, spec.AtFirstOpen));
        return ([.. all.Where(t => !IsTold(t))], [.. all.Where(IsTold)]);
    }
}
