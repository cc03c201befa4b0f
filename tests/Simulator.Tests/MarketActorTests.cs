using System.Buffers;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using StockActors.Market;
using StockActors.Simulator.Exchange;
using StockActors.Simulator.Tests.Exchange;

namespace StockActors.Simulator.Tests;

public sealed class MarketActorTests : TestKit
{
    private const long Minute = 60 * UnixNanos.PerSecond;

    private static readonly MarketSpec Spec = MarketSpec.Default(0);
    private static readonly TradingDay Day = Days.First;

    [Fact]
    public void An_actor_that_starts_fresh_makes_the_days_ticks_in_steps()
    {
        var market = Market();
        market.Tell(new MarketActor.StartAt(Day.Open - UnixNanos.PerHour));
        Assert.Equal(Spec.AtFirstOpen, ExpectMsg<MarketActor.Restored>().Position);

        var ticks = Enumerable.Range(1, 30).SelectMany(i => Advance(market, Day.Open + (i * Minute)).Ticks).ToList();

        Assert.Equal(Days.Run(Days.Engine(), Day.Open + (30 * Minute)), ticks);
    }

    [Fact]
    public void An_actor_that_was_told_nothing_begins_at_the_open_of_the_step_s_day()
    {
        var (ticks, position) = Advance(Market(), Day.Close);

        Assert.Equal(Days.Run(Days.Engine()), ticks);
        Assert.Equal((Spec.Symbol, ticks.Count + 1, TickChecksum.Empty), (position.Symbol, position.NextSequence, position.Checksum));
    }

    [Fact]
    public void Days_follow_each_other_whether_a_step_ends_at_a_close_or_straddles_it()
    {
        var last = Day.Next.Next.Open + Minute;
        var inOne = Advance(Market(Day), last);

        var stepping = Market(Day);
        var inSteps = new[] { Day.Close, Day.Next.Open + Minute, Day.Next.Close, last }.SelectMany(until => Advance(stepping, until).Ticks).ToList();

        Assert.Equal(inOne.Ticks, inSteps);
        Assert.Equal(Enumerable.Range(1, inSteps.Count), inSteps.Select(t => (int)t.Sequence!.Value));
        Assert.Equal([Day.Date, Day.Next.Date, Day.Next.Next.Date], inSteps.Select(t => UnixNanos.ToDate(t.TsEvent)).Distinct());
    }

    [Fact]
    public void A_market_is_closed_on_its_scenario_s_holidays()
    {
        var scenario = Simulator.Scenarios.Scenario.Calm with { Calendar = new() { Holidays = [Day.Next.Date, Day.Next.Next.Date] } };
        var market = Sys.ActorOf(MarketActor.Props(scenario.Market(0), Days.RunId, 1));
        var open = Day.Next.Next.Next.Open;
        var (ticks, position) = Advance(market, open + (2 * Minute));
        Assert.Equal([Day.Date, UnixNanos.ToDate(open)], ticks.Select(t => UnixNanos.ToDate(t.TsEvent)).Distinct());

        market.Tell(new MarketActor.Restore(position, open + (2 * Minute), []));
        ExpectMsg<MarketActor.Restored>(TimeSpan.FromSeconds(10));
        Assert.Equal(open + UnixNanos.PerHour, LaneClock.Step(Day.Close, UnixNanos.PerHour, scenario.Days).Until);
    }

    [Fact]
    public void A_step_that_was_made_already_is_answered_by_no_ticks()
    {
        var market = Market(Day);
        var first = Advance(market, Day.Open + Minute);
        var again = Advance(market, Day.Open + Minute);
        var earlier = Advance(market, Day.Open + 1);

        Assert.NotEmpty(first.Ticks);
        Assert.Empty(again.Ticks);
        Assert.Empty(earlier.Ticks);
        Assert.Equal((first.Position, first.Position), (again.Position, earlier.Position));
        var afterClose = Advance(market, Day.Close);
        Assert.Equal((0, afterClose.Position), (Advance(market, Day.Close).Ticks.Count, Advance(market, Day.Close).Position));
    }

    [Fact]
    public void A_restored_actor_goes_on_as_if_it_had_never_stopped()
    {
        var day = Day.Next;
        var whole = Market(Day);
        var times = new[] { Day.Close, day.Open + 1, day.Open + (17 * Minute) + 12_345, day.Close - 1, day.Close };
        foreach (var time in times)
        {
            var reached = Advance(whole, time).Position;
            var restored = Market();
            restored.Tell(new MarketActor.Restore(reached, time, []));
            Assert.Equal(reached, ExpectMsg<MarketActor.Restored>(TimeSpan.FromSeconds(10)).Position);

            var undisturbed = Market();
            Advance(undisturbed, Day.Open + 1);
            Assert.Equal(Advance(undisturbed, time + Minute).Ticks.Where(t => t.TsEvent >= time), Advance(restored, time + Minute).Ticks);
        }
    }

    [Fact]
    public void An_actor_whose_replay_diverges_says_so_and_refuses_to_advance_until_it_is_restored()
    {
        var time = Day.Open + Minute;
        var reached = Advance(Market(Day), time).Position;
        var market = Market();

        market.Tell(new MarketActor.Restore(reached with { Checksum = 7 }, time, []));
        var diverged = ExpectMsg<MarketActor.Diverged>();
        Assert.Equal(new MarketActor.Diverged(Spec.Symbol, Expected: 7, reached.Checksum, reached, time), diverged);

        market.Tell(new MarketActor.Advance(time + 1));
        Assert.Contains("did not come to", Assert.IsType<MarketLostException>(ExpectMsg<Akka.Actor.Status.Failure>().Cause).Message, StringComparison.Ordinal);

        market.Tell(new MarketActor.Restore(reached, time, []));
        ExpectMsg<MarketActor.Restored>();
        Assert.NotEmpty(Advance(market, time + Minute).Ticks);
    }

    [Fact]
    public void An_actor_that_was_restarted_never_begins_the_run_anew()
    {
        var market = Market(Day);
        Advance(market, Day.Open + Minute);

        market.Tell(new MarketActor.Restore(Spec.AtFirstOpen with { Symbol = "S001" }, Day.Open, []));
        Assert.IsType<ArgumentException>(ExpectMsg<Akka.Actor.Status.Failure>().Cause);
        market.Tell(new MarketActor.Advance(Day.Open + (2 * Minute)));

        var lost = Assert.IsType<MarketLostException>(ExpectMsg<Akka.Actor.Status.Failure>().Cause);
        Assert.Equal(Spec.Symbol, lost.Symbol);
    }

    private IActorRef Market() => Sys.ActorOf(MarketActor.Props(Spec, Days.RunId, 1));

    private IActorRef Market(TradingDay begin)
    {
        var market = Market();
        market.Tell(new MarketActor.StartAt(begin.Open));
        ExpectMsg<MarketActor.Restored>();
        return market;
    }

    private (IReadOnlyList<Tick> Ticks, MarketPosition Position) Advance(IActorRef market, long until)
    {
        market.Tell(new MarketActor.Advance(until));
        var advanced = ExpectMsg<MarketActor.Advanced>(TimeSpan.FromSeconds(10));
        var ticks = advanced.Ticks[..advanced.Count];
        ArrayPool<Tick>.Shared.Return(advanced.Ticks);
        return (ticks, advanced.Position);
    }
}
