using StockActors.Market;
using StockActors.Simulator.Exchange;
using StockActors.Simulator.Scenarios;

namespace StockActors.Simulator.Tests.Exchange;

/// <summary>Halts at a limit, news, and what goes wrong, on whole days.</summary>
public sealed class ExchangeDayTests
{
    private static readonly long Noon = Days.First.Open + (3 * UnixNanos.PerHour);

    [Theory]
    [InlineData(-150_000, "limit-down")]
    [InlineData(150_000, "limit-up")]
    public void News_that_carries_the_price_to_a_band_halts_trading_for_five_minutes_and_an_auction_reopens_it(long size, string reason)
    {
        var engine = Days.Engine();
        using var ticks = new TickBuffer();
        engine.Apply(new Intervention(Days.RunId, 0, "news", "S000", InterventionKind.Shock, "news", Noon, size), ticks);
        engine.Advance(Noon + UnixNanos.PerHour, ticks);

        var day = ticks.Ticks.ToArray();
        var halt = day.First(t => t.Kind == TickKind.Status && t.TsEvent > Noon);
        Assert.Equal((StatusAction.Halt, reason, (bool?)false), (halt.Status.Action, halt.Status.Reason, halt.Status.IsTrading));
        Assert.True(halt.TsEvent - Noon >= PriceBands.LimitState);
        Assert.All(day.Where(t => t.Kind == TickKind.Trade && t.TsEvent >= Noon && t.TsEvent < halt.TsEvent), t => Assert.InRange(t.Trade.Price, halt.Status.LimitDown!.Value, halt.Status.LimitUp!.Value));

        var resumed = day.First(t => t.Kind == TickKind.Status && t.TsEvent > halt.TsEvent);
        Assert.Equal((halt.TsEvent + PriceBands.Halt, StatusAction.Resume, "reopening", (bool?)true), (resumed.TsEvent, resumed.Status.Action, resumed.Status.Reason, resumed.Status.IsTrading));
        Assert.DoesNotContain(day, t => t.TsEvent > halt.TsEvent && t.TsEvent < resumed.TsEvent);
        var auction = day.Where(t => t.TsEvent == resumed.TsEvent && t.Kind == TickKind.Trade).ToList();
        Assert.NotEmpty(auction);
        Assert.All(auction, t => Assert.Equal((Side.None, auction[0].Trade.Price), (t.Trade.Side, t.Trade.Price)));
        Assert.NotEqual(halt.Status.LimitUp, resumed.Status.LimitUp);
        Assert.Contains(day, t => t.Kind == TickKind.Trade && t.TsEvent > resumed.TsEvent && t.Trade.Side != Side.None);

        var replayed = MarketEngine.Replay(MarketSpec.Default(0), Days.RunId, 1, engine.Position, engine.Time, [new Intervention(Days.RunId, 0, "news", "S000", InterventionKind.Shock, "news", Noon, size)]);
        Assert.Equal(engine.Position, replayed.Position);
        Assert.NotEqual(engine.Position, MarketEngine.Replay(MarketSpec.Default(0), Days.RunId, 1, engine.Position, engine.Time, []).Position);
    }

    [Fact]
    public void A_price_stays_within_the_bands_that_are_told_or_follow_from_the_trades()
    {
        var spec = ScenarioFile.Open("crisis").Market(0);
        var ticks = Days.Run(new MarketEngine(spec, Days.RunId, 3, Days.First, spec.AtFirstOpen));
        var trades = ticks.Where(t => t.Kind == TickKind.Trade && t.Trade.Side != Side.None).ToList();
        var from = 0;
        for (var i = 0; i < trades.Count; i++)
        {
            // The reference is a mean of trades of the five minutes before, or up to a percent and 30 s older.
            while (trades[from].TsEvent < trades[i].TsEvent - (340 * UnixNanos.PerSecond))
                from++;
            if (trades[from].TsEvent > Days.First.Continuous + (400 * UnixNanos.PerSecond))
                Assert.InRange(trades[i].Trade.Price, trades[from..i].Append(trades[i]).Min(t => t.Trade.Price) * 0.93, trades[from..i].Append(trades[i]).Max(t => t.Trade.Price) * 1.07);
            i += 997;
        }
    }

    [Fact]
    public void A_fat_finger_is_one_order_that_goes_through_the_book()
    {
        var (quiet, wrong) = (Run(Scenario.Calm), Run(With(new Anomaly { Kind = AnomalyKind.FatFinger, From = new TimeOnly(17, 30), Lots = 1_500 })));
        Assert.Equal(quiet.TakeWhile(t => t.TsEvent < Noon), wrong.TakeWhile(t => t.TsEvent < Noon));
        var order = wrong.Where(t => t.TsEvent == Noon && t.Kind == TickKind.Trade).ToList();
        Assert.True(order.Sum(t => t.Trade.Size) > 10_000);
        Assert.Single(order.Select(t => t.Trade.Side).Distinct());
        Assert.True(order.Select(t => t.Trade.Price).Distinct().Count() >= 3);
    }

    [Fact]
    public void A_feed_gap_hides_what_happens_and_the_trade_ids_tell()
    {
        var (quiet, gap) = (Run(Scenario.Calm), Run(With(new Anomaly { Kind = AnomalyKind.FeedGap, From = new TimeOnly(17, 30), Seconds = 60 })));
        var end = Noon + (60 * UnixNanos.PerSecond);
        Assert.DoesNotContain(gap, t => t.TsEvent >= Noon && t.TsEvent < end);
        Assert.Equal(Enumerable.Range(1, gap.Length), gap.Select(t => (int)t.Sequence!.Value));
        var hidden = quiet.Count(t => t.Kind == TickKind.Trade && t.TsEvent >= Noon && t.TsEvent < end);
        var ids = gap.Where(t => t.Kind == TickKind.Trade).Select(t => t.Trade.TradeId!.Value).ToList();
        Assert.True(hidden > 0);
        Assert.Equal(hidden, ids.Zip(ids.Skip(1)).Sum(pair => pair.Second - pair.First - 1));
        Assert.Equal(quiet.Where(t => t.TsEvent >= end).Select(t => t.Trade), gap.Where(t => t.TsEvent >= end).Select(t => t.Trade));
    }

    [Fact]
    public void A_flash_crash_falls_and_comes_back()
    {
        var crash = Run(With(new Anomaly { Kind = AnomalyKind.FlashCrash, From = new TimeOnly(17, 30), Lots = 150, Seconds = 60 }));
        var before = crash.Last(t => t.Kind == TickKind.Trade && t.TsEvent < Noon).Trade.Price;
        var low = crash.Where(t => t.Kind == TickKind.Trade && t.TsEvent >= Noon && t.TsEvent < Noon + (70 * UnixNanos.PerSecond)).Min(t => t.Trade.Price);
        var after = crash.Last(t => t.Kind == TickKind.Trade && t.TsEvent < Noon + (900 * UnixNanos.PerSecond)).Trade.Price;
        Assert.InRange(low, before * 0.9, before * 0.99);
        Assert.InRange(after, before * 0.992, before * 1.015);
    }

    [Fact]
    public void A_spoofer_s_orders_stand_behind_the_touch_and_hardly_ever_trade()
    {
        const int lots = 777;
        var spoofed = Run(With(new Anomaly { Kind = AnomalyKind.Spoofing, From = new TimeOnly(17, 30), Lots = lots, Seconds = 120 }));
        var size = (long)lots * MarketSpec.Default(0).Lot;
        var during = spoofed.Where(t => t.TsEvent >= Noon && t.TsEvent < Noon + (120 * UnixNanos.PerSecond)).ToList();
        Assert.True(during.Count(t => t.Kind == TickKind.Trade) > 20);
        Assert.InRange(during.Where(t => t.Kind == TickKind.Trade).Sum(t => t.Trade.Size), 1, size);
    }

    [Fact]
    public void Market_makers_keep_to_what_they_may_hold()
    {
        var mix = Scenario.Calm.Traders["liquid"];
        const int most = 20;
        var scenario = Scenario.Calm with
        {
            Traders = new Dictionary<string, TraderMix> { ["liquid"] = mix with { MarketMakers = mix.MarketMakers with { Count = 1, MaxPositionLots = most } } },
        };
        long held = 0;
        var (lot, largest) = (scenario.Market(0).Lot, 0L);
        foreach (var tick in Run(scenario).Where(t => t.Kind == TickKind.Trade && t.Trade.Side != Side.None))
        {
            var bought = tick.Trade.Side == Side.Bid ? tick.Trade.Size : -tick.Trade.Size;
            held += (tick.Trade.Aggressor == AgentClass.MarketMaker ? bought : 0) - (tick.Trade.Resting == AgentClass.MarketMaker ? bought : 0);
            largest = Math.Max(largest, Math.Abs(held));
        }

        // What stood on a side when it came to its limit may be met before it acts next; and auctions, which have no side, are not counted here.
        var standing = Enumerable.Range(1, mix.MarketMakers.Levels).Sum(level => level * mix.MarketMakers.Lots);
        Assert.InRange(largest, most * lot / 2, (most + (2 * standing)) * lot);
    }

    private static Scenario With(Anomaly anomaly) => Scenario.Calm with { Anomalies = [anomaly] };

    private static Tick[] Run(Scenario scenario)
    {
        var spec = scenario.Market(0);
        return Days.Run(new MarketEngine(spec, Days.RunId, 1, Days.First, spec.AtFirstOpen));
    }
}
