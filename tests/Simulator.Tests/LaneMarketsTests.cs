using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.TestKit.Xunit2;
using StockActors.Market;
using StockActors.Simulator.Exchange;
using StockActors.Simulator.Tests.Exchange;

namespace StockActors.Simulator.Tests;

public sealed class LaneMarketsTests : TestKit
{
    private const int Lane = 3;
    private const string Failing = "S001";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_lane_s_batches_hold_every_tick_of_its_markets_by_time_symbol_and_sequence()
    {
        int[] markets = [2, 0, 11, 1];
        var refs = markets.Select(i => (MarketSpec.Default(i).Symbol, Sys.ActorOf(MarketActor.Props(MarketSpec.Default(i), Days.RunId, 1)))).ToList();
        var clock = LaneClock.From(Days.First.Close - UnixNanos.PerHour, UnixNanos.PerHour, speed: null, TimeProvider.System);

        // The first step holds the whole day but its last hour, then come that hour and the first hour of the next day.
        var batches = await Of(refs).Batches(clock).Take(3).RunWith(Sink.Seq<TickBatch>(), Sys.Materializer());

        var ticks = batches.SelectMany(b => b.Ticks.ToArray()).ToList();
        var keys = ticks.Select(t => (t.TsEvent, t.Symbol, t.Sequence!.Value)).ToList();
        Assert.Equal(keys.OrderBy(k => k.TsEvent).ThenBy(k => k.Symbol, StringComparer.Ordinal).ThenBy(k => k.Value), keys);
        foreach (var i in markets)
        {
            var symbol = MarketSpec.Default(i).Symbol;
            var own = ticks.Where(t => t.Symbol == symbol).ToList();
            Assert.Equal(Days.Run(Days.Engine(i)), own.Where(t => t.TsEvent < Days.First.Close));
            Assert.Equal(own.Count + 1, batches[2].Progress.Markets.Single(m => m.Symbol == symbol).NextSequence);
        }

        Assert.Equal(
            [Days.First.Close - (UnixNanos.PerHour / 2), Days.First.Close, Days.First.Next.Open + UnixNanos.PerHour],
            batches.Select(b => b.Progress.Time));
        Assert.All(batches, b => Assert.Equal((Days.RunId, Lane), (b.Progress.RunId, b.Progress.Lane)));
        Assert.All(batches, b => Assert.Equal(["S000", "S001", "S002", "S011"], b.Progress.Markets.Select(m => m.Symbol)));
        foreach (var batch in batches)
            batch.Dispose();
    }

    [Fact]
    public async Task Markets_that_tick_at_one_instant_come_in_the_order_of_their_symbols()
    {
        var silent = Answering("c", []);
        var refs = new[] { ("b", Answering("b", [5, 5, 9])), ("c", silent), ("a", Answering("a", [5, 9])), ("B", Answering("B", [5])) };

        var batch = await Of(refs).Batches(Source.Single(10L)).RunWith(Sink.First<TickBatch>(), Sys.Materializer());

        Assert.Equal(["B5.1", "a5.1", "b5.1", "b5.2", "a9.2", "b9.3"], batch.Ticks.ToArray().Select(t => $"{t.Symbol}{t.TsEvent}.{t.Sequence}"));
        batch.Dispose();
    }

    [Fact]
    public async Task A_step_without_ticks_is_a_batch_all_the_same()
    {
        var batch = await Of([("a", Answering("a", []))]).Batches(Source.Single(10L)).RunWith(Sink.First<TickBatch>(), Sys.Materializer());

        Assert.Equal((0, 10), (batch.Count, batch.Progress.Time));
        batch.Dispose();
    }

    [Fact]
    public async Task Nobody_s_demand_leaves_simulated_time_standing()
    {
        var asked = CreateTestProbe();
        var clock = Source.From(Enumerable.Range(1, 1_000).Select(i => (long)i));
        var probe = StreamProbe<TickBatch>.Run(Of([("a", asked.Ref)]).Batches(clock), Sys.Materializer());

        asked.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        await probe.RequestAsync(1);
        Assert.Equal(1, asked.ExpectMsg<MarketActor.Advance>().Until);
        asked.Reply(Answer("a", []));
        for (var until = 1; until <= 5; until++)
        {
            // While a batch is taken the next is made, and no further one.
            Assert.Equal(until, (await probe.NextAsync()).Progress.Time);
            Assert.Equal(until + 1, asked.ExpectMsg<MarketActor.Advance>().Until);
            asked.Reply(Answer("a", []));
            asked.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
            await probe.RequestAsync(1);
        }
    }

    [Fact]
    public async Task A_market_that_fails_or_is_late_is_caught_up_and_the_ticks_are_those_of_a_run_that_never_failed()
    {
        var expected = await RunAsync(12, _ => FlakyMarket.Fault.None, tellsAll: true);
        foreach (var (fault, steps) in new (FlakyMarket.Fault, int[])[]
        {
            // Its first step, one that ends at the close, and one that it fails twice.
            (FlakyMarket.Fault.Throws, [1, 7, 9, 9]), (FlakyMarket.Fault.Silent, [9]), (FlakyMarket.Fault.AnswersAfterTheNextQuestion, [7]),
        })
        {
            var failing = new Queue<int>(steps);
            var run = await RunAsync(12, step =>
            {
                if (!failing.TryPeek(out var next) || next != step)
                    return FlakyMarket.Fault.None;
                failing.Dequeue();
                return fault;
            }, timeout: fault == FlakyMarket.Fault.Throws ? null : TimeSpan.FromSeconds(5), tellsAll: true);

            Assert.True(expected.Ticks.SequenceEqual(run.Ticks), $"{fault}");
            Assert.Equal(expected.Progress.Markets, run.Progress.Markets);
            Assert.Empty(run.Interventions);
            Assert.Equal(steps.Length, run.Told.Count(told => told is LaneMarkets.Failed));
            Assert.Equal(steps.Distinct().Count(), run.Told.Count(told => told is LaneMarkets.CaughtUp));
            Assert.All(run.Told, told => Assert.Equal(Failing, told.Symbol));

            // The siblings were asked each step once and nothing else.
            Assert.All(run.SiblingsAsked, asked => Assert.Equal(Enumerable.Range(1, 12), asked));
        }
    }

    [Fact]
    public async Task A_market_that_fails_a_step_three_times_is_halted_at_its_beginning_and_the_others_go_on()
    {
        var expected = await RunAsync(12, _ => FlakyMarket.Fault.None);
        var run = await RunAsync(12, step => step >= 4 ? FlakyMarket.Fault.Throws : FlakyMarket.Fault.None);

        var begin = At(3);
        var before = expected.Ticks.Count(t => t.Symbol == Failing && t.TsEvent < begin);
        var halt = new Intervention(Days.RunId, Lane, $"fault:{Failing}:{before + 1}", Failing, InterventionKind.Halt, "fault", begin);
        Assert.Equal(halt, Assert.Single(run.Interventions));
        Assert.Equal(3, run.Told.Count(told => told is LaneMarkets.Failed));
        Assert.Equal(begin, Assert.Single(run.Told.OfType<LaneMarkets.Quarantined>()).Time);

        Assert.Equal(expected.Ticks.Where(t => t.Symbol != Failing), run.Ticks.Where(t => t.Symbol != Failing));
        var own = run.Ticks.Where(t => t.Symbol == Failing).ToList();
        Assert.Equal(expected.Ticks.Where(t => t.Symbol == Failing).Take(before), own.Take(before));
        var last = Assert.Single(own.Skip(before));
        Assert.Equal((begin, new Market.Status(StatusAction.Halt, "fault", false, null, null), (long?)before + 1), (last.TsEvent, last.Status, last.Sequence));
        Assert.Equal(run.Ticks.Select(t => t.TsEvent).Order(), run.Ticks.Select(t => t.TsEvent));

        // What a re-play comes to without having failed: it stands there, over the close, until it is resumed.
        var position = run.Progress.Markets.Single(m => m.Symbol == Failing);
        Assert.Equal(position, MarketEngine.Replay(MarketSpec.Default(1), Days.RunId, 1, position, begin, [halt]).Position);
    }

    [Fact]
    public async Task A_market_that_is_caught_up_again_and_again_is_halted_in_the_end()
    {
        var fails = true;
        var run = await RunAsync(LaneMarkets.MaxFailures + 3, _ => (fails = !fails) ? FlakyMarket.Fault.None : FlakyMarket.Fault.Throws, UnixNanos.PerSecond);

        Assert.Equal(LaneMarkets.MaxFailures, run.Told.Count(told => told is LaneMarkets.Failed));
        Assert.Equal(Days.First.Open + ((LaneMarkets.MaxFailures - 1) * UnixNanos.PerSecond), Assert.Single(run.Interventions).Time);
    }

    [Fact]
    public async Task A_market_that_fails_seldom_is_not_halted()
    {
        var fails = true;
        var run = await RunAsync(LaneMarkets.MaxFailures + 3, _ => (fails = !fails) ? FlakyMarket.Fault.None : FlakyMarket.Fault.Throws);

        Assert.Equal(LaneMarkets.MaxFailures + 3, run.Told.Count(told => told is LaneMarkets.CaughtUp));
        Assert.Empty(run.Interventions);
    }

    [Theory]
    [InlineData(6, "the same day")]
    [InlineData(15, "a later day")]
    [InlineData(7, "a later day's open")]
    public async Task A_halted_market_that_is_resumed_goes_on_and_whoever_re_plays_it_comes_to_the_same(int resumedAfter, string when)
    {
        var run = await RunAsync(20, step => step == 4 ? FlakyMarket.Fault.Throws : FlakyMarket.Fault.None, resumedAfter: resumedAfter);

        var (halt, resume) = (run.Interventions[0], run.Interventions[1]);
        Assert.Equal(2, run.Interventions.Count);
        Assert.Equal(new Intervention(Days.RunId, Lane, "again", Failing, InterventionKind.Resume, "operator", LaneClock.Begin(At(resumedAfter))), resume);
        var own = run.Ticks.Where(t => t.Symbol == Failing).ToList();
        Assert.Equal(Enumerable.Range(1, own.Count), own.Select(t => (int)t.Sequence!.Value));
        Assert.DoesNotContain(own, t => t.TsEvent > halt.Time && t.TsEvent < resume.Time);
        Assert.Equal([StatusAction.Halt, StatusAction.Resume], own.Where(t => t.TsEvent >= halt.Time && t.Kind == TickKind.Status).Take(2).Select(t => t.Status.Action));
        Assert.True(own.Count(t => t.TsEvent > resume.Time) > 100, when);

        var position = run.Progress.Markets.Single(m => m.Symbol == Failing);
        Assert.Equal(position, MarketEngine.Replay(MarketSpec.Default(1), Days.RunId, 1, position, run.Progress.Time, run.Interventions).Position);
    }

    [Fact]
    public async Task A_market_that_fails_again_when_it_is_resumed_stays_halted_and_says_why()
    {
        var run = await RunAsync(12, step => step >= 4 ? FlakyMarket.Fault.Throws : FlakyMarket.Fault.None, resumedAfter: 6);

        Assert.Equal(InterventionKind.Halt, Assert.Single(run.Interventions).Kind);
        var refused = Assert.Single(run.Told.OfType<LaneMarkets.NotDone>());
        Assert.Equal(("again", "it stays halted, because its market failed again: told to fail"), (refused.Id, refused.Why));
    }

    [Fact]
    public async Task What_an_operator_does_to_a_market_is_in_the_step_s_batch_and_whoever_re_plays_it_comes_to_the_same()
    {
        var spec = MarketSpec.Default(1);
        var quiet = await RunAsync(10, _ => FlakyMarket.Fault.None);
        (int, InterventionKind)[] asked =
        [
            (1, InterventionKind.Shock), (6, InterventionKind.Halt), (7, InterventionKind.Halt), (7, InterventionKind.Shock), (8, InterventionKind.Resume), (8, InterventionKind.Halt),
        ];

        // It is halted in a step that ends at the close. The market fails the step of its news twice: it is caught up, and has the news once.
        var failing = new Queue<int>([2, 2]);
        var run = await RunAsync(10, step => failing.TryPeek(out var next) && next == step && failing.Dequeue() > 0 ? FlakyMarket.Fault.Throws : FlakyMarket.Fault.None, asked: asked);

        Assert.Equal(
            [(At(1), InterventionKind.Shock), (At(6), InterventionKind.Halt), (LaneClock.Begin(At(8)), InterventionKind.Resume), (At(9), InterventionKind.Halt)],
            run.Interventions.Select(i => (i.Time, i.Kind)));
        Assert.Equal(["it is halted", "it is halted"], run.Told.OfType<LaneMarkets.NotDone>().Select(told => told.Why));
        Assert.Equal(quiet.Ticks.Where(t => t.Symbol != Failing), run.Ticks.Where(t => t.Symbol != Failing));
        var own = run.Ticks.Where(t => t.Symbol == Failing).ToList();
        Assert.Equal(quiet.Ticks.Where(t => t.Symbol == Failing && t.TsEvent < At(1)), own.Where(t => t.TsEvent < At(1)));
        Assert.Equal(Enumerable.Range(1, own.Count), own.Select(t => (int)t.Sequence!.Value));
        Assert.DoesNotContain(own, t => t.TsEvent > At(6) && t.TsEvent < LaneClock.Begin(At(8)));
        Assert.Equal((At(9), StatusAction.Halt, "operator"), (own[^1].TsEvent, own[^1].Status.Action, own[^1].Status.Reason));
        var position = run.Progress.Markets.Single(m => m.Symbol == Failing);
        Assert.Equal(position, MarketEngine.Replay(spec, Days.RunId, 1, position, At(9), run.Interventions).Position);
    }

    [Theory]
    [InlineData("0123")]
    [InlineData("01 23")]
    [InlineData("3 0 2 1")]
    public async Task A_day_s_ticks_have_one_hash_however_the_symbols_lie_in_lanes_and_whatever_fails(string lanes)
    {
        var random = new Random(lanes.Length);
        var until = Days.First.Open + (2 * UnixNanos.PerHour);
        var ticks = new List<Tick>();
        foreach (var lane in lanes.Split(' '))
        {
            var markets = lane.Select(digit => MarketSpec.Default(digit - '0')).Select(spec => (spec.Symbol, Sys.ActorOf(FlakyMarket.Props(
                MarketActor.Props(spec, Days.RunId, 1), _ => random.Next(10) == 0 ? FlakyMarket.Fault.Throws : FlakyMarket.Fault.None)))).ToList();
            var progress = new LaneProgress(
                Days.RunId, Lane, Days.First.Open, [.. lane.Order().Select(digit => MarketSpec.Default(digit - '0').AtFirstOpen)]);
            foreach (var (market, position) in markets.OrderBy(m => m.Symbol, StringComparer.Ordinal).Zip(progress.Markets))
                await market.Item2.Ask<MarketActor.Restored>(new MarketActor.Restore(position, progress.Time, []), Patience);
            var clock = LaneClock.From(progress.Time, UnixNanos.PerHour / 6, speed: null, TimeProvider.System).TakeWhile(time => time <= until);
            var batches = await new LaneMarkets(markets, progress, [], Patience, _ => { }).Batches(clock).RunWith(Sink.Seq<TickBatch>(), Sys.Materializer());
            ticks.AddRange(batches.SelectMany(b => b.Ticks.ToArray()));
        }

        var exchange = new Simulator.Exchange.Exchange(Simulator.Scenarios.Scenario.Calm, 1, 4, Days.RunId);
        Assert.Equal(
            ExchangeTests.Sha256(exchange.Run(Days.First).TakeWhile(t => t.TsEvent < until)),
            ExchangeTests.Sha256(ticks.OrderBy(t => t.TsEvent).ThenBy(t => t.Symbol, StringComparer.Ordinal).ThenBy(t => t.Sequence)));
    }

    [Fact]
    public async Task A_lane_that_starts_anywhere_goes_on_as_the_one_before_would_have()
    {
        var whole = await RunAsync(20, step => step == 4 ? FlakyMarket.Fault.Throws : FlakyMarket.Fault.None, resumedAfter: 15, tellsAll: true);

        // While it is halted on the day of its halt and on the next, just before it is resumed and after it.
        foreach (var stop in new[] { 5, 8, 15, 17 })
        {
            var first = await RunAsync(stop, step => step == 4 ? FlakyMarket.Fault.Throws : FlakyMarket.Fault.None, resumedAfter: 15, tellsAll: true);
            var second = await RunAsync(20, _ => FlakyMarket.Fault.None, resumedAfter: 15, goesOn: first, tellsAll: true);

            Assert.Equal(whole.Ticks, first.Ticks.Concat(second.Ticks));
            Assert.Equal(whole.Progress.Markets, second.Progress.Markets);
            Assert.Equal(whole.Interventions, second.Interventions);
        }
    }

    [Fact]
    public async Task A_market_that_cannot_be_restored_fails_the_step_and_failures_and_quarantines_are_counted()
    {
        var counted = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, me) => me.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => counted.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.Start();
        var asked = CreateTestProbe();
        var stepped = Of([("a", asked.Ref)]).Batches(Source.Single(10L)).RunWith(Sink.First<TickBatch>(), Sys.Materializer());

        asked.ExpectMsg<MarketActor.Advance>();
        asked.Reply(new Akka.Actor.Status.Failure(new MarketLostException("a", "it failed when it was restored")));
        asked.ExpectMsg<MarketActor.Restore>();
        asked.Reply(new Akka.Actor.Status.Failure(new InvalidOperationException("told to fail")));
        asked.ExpectMsg<MarketActor.Restore>();
        asked.Reply(new MarketActor.Diverged("a", 1, 2, default, 0));

        var batch = await stepped;
        Assert.Equal(StatusAction.Halt, Assert.Single(batch.Ticks.ToArray()).Status.Action);
        Assert.Equal(InterventionKind.Halt, Assert.Single(batch.Interventions).Kind);
        Assert.Equal((3, 1), (counted["stockactors.market.failures"], counted["stockactors.market.quarantined"]));
    }

    [Fact]
    public async Task Ticks_that_do_not_follow_from_where_the_lane_stands_are_not_taken()
    {
        var asked = CreateTestProbe();
        var batch = Of([("a", asked.Ref)]).Batches(Source.Single(10L)).RunWith(Sink.First<TickBatch>(), Sys.Materializer());

        asked.ExpectMsg<MarketActor.Advance>();
        var foreign = Answer("a", [3, 4]);
        (foreign.Ticks[0].Sequence, foreign.Ticks[1].Sequence) = (2, 3);
        asked.Reply(foreign with { Position = foreign.Position with { NextSequence = 4 } });
        Assert.Equal(new MarketPosition("a", 1, 1, 1, TickChecksum.Empty), asked.ExpectMsg<MarketActor.Restore>().Position);
        asked.Reply(new MarketActor.Restored(default));
        asked.ExpectMsg<MarketActor.Advance>();
        asked.Reply(Answer("a", [7]));

        Assert.Equal(7, Assert.Single((await batch).Ticks.ToArray()).TsEvent);
    }

    [Fact]
    public void A_symbol_may_come_once()
    {
        var market = CreateTestProbe().Ref;
        (string, IActorRef)[] markets = [("a", market), ("b", market), ("a", market)];
        var error = Assert.Throws<ArgumentException>(() => Of(markets));
        Assert.Contains("two markets of a", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The end of a step of an hour, from 1: the seventh is half an hour and ends the day.</summary>
    private static long At(int step)
    {
        var time = Days.First.Open;
        for (var i = 0; i < step; i++)
            time = LaneClock.Step(time, UnixNanos.PerHour).Until;
        return time;
    }

    /// <summary>A lane of three markets, of which one fails where it is told to, asked step by step.</summary>
    /// <param name="steps">To which step.</param>
    /// <param name="faults">How it fails an attempt of a step, from 1; asked at each attempt.</param>
    /// <param name="length">A step's length.</param>
    /// <param name="resumedAfter">The step after which it is resumed.</param>
    /// <param name="goesOn">The lane before this one.</param>
    /// <param name="timeout">How long a market may take to answer.</param>
    /// <param name="asked">What is asked to be done to it, and after which step.</param>
    /// <param name="tellsAll">Whether the markets tell their orders and the truth too.</param>
    private async Task<LaneRun> RunAsync(
        int steps, Func<int, FlakyMarket.Fault> faults, long length = UnixNanos.PerHour, int? resumedAfter = null, LaneRun? goesOn = null, TimeSpan? timeout = null,
        IReadOnlyList<(int After, InterventionKind Kind)>? asked = null, bool tellsAll = false)
    {
        var siblings = new List<List<int>>();
        var began = goesOn?.Steps ?? 0;
        var refs = Enumerable.Range(0, 3).Select(i =>
        {
            var spec = SpecOf(i);
            var real = MarketActor.Props(spec, Days.RunId, 1);
            var seen = new List<int>();
            if (spec.Symbol != Failing)
                siblings.Add(seen);
            return (spec.Symbol, Sys.ActorOf(FlakyMarket.Props(real, advance =>
            {
                if (spec.Symbol == Failing)
                    return faults(StepOf(advance));
                seen.Add(StepOf(advance));
                return FlakyMarket.Fault.None;
            })));
        }).ToList();
        var progress = goesOn?.Progress ?? new LaneProgress(Days.RunId, Lane, Days.First.Open, [.. Enumerable.Range(0, 3).Select(i => SpecOf(i).AtFirstOpen)]);
        var interventions = goesOn?.Interventions ?? [];
        foreach (var ((symbol, market), position) in refs.Zip(progress.Markets))
        {
            var own = interventions.Where(i => i.Symbol == symbol).ToList();
            if (own is not [.., { Kind: InterventionKind.Halt }])
                await market.Ask<MarketActor.Restored>(new MarketActor.Restore(position, progress.Time, own), Patience);
        }

        var told = new ConcurrentQueue<LaneMarkets.IEvent>();
        var lane = new LaneMarkets(refs, progress, interventions, timeout ?? Patience, told.Enqueue);
        var clock = LaneClock.From(progress.Time, length, speed: null, TimeProvider.System).Take(steps - began).Select((Func<long, long>)(until =>
        {
            foreach (var (_, kind) in (asked ?? []).Where(a => a.After == began))
                lane.Intervene(Failing, $"{kind}-{began}", kind, kind == InterventionKind.Shock ? 20_000 : 0);
            if (began++ == resumedAfter)
                lane.Intervene(Failing, "again", InterventionKind.Resume);
            return until;
        }));
        var batches = await lane.Batches(clock).RunWith(Sink.Seq<TickBatch>(), Sys.Materializer());
        return new LaneRun(
            steps, [.. batches.SelectMany(b => b.Ticks.ToArray())], batches[^1].Progress, [.. interventions, .. batches.SelectMany(b => b.Interventions)], [.. told], siblings);

        MarketSpec SpecOf(int i) => MarketSpec.Default(i) with { TellsOrders = tellsAll, TellsTruth = tellsAll };

        int StepOf(MarketActor.Advance advance)
        {
            var step = 0;
            for (var time = Days.First.Open; time < advance.Until; step++)
                time = LaneClock.Step(time, length).Until;
            return step;
        }
    }

    private static LaneMarkets Of(IReadOnlyList<(string Symbol, IActorRef Market)> markets) => new(
        markets,
        new LaneProgress(Days.RunId, Lane, 0, [.. markets.Select(m => new MarketPosition(m.Symbol, 1, 1, 1, TickChecksum.Empty)).OrderBy(m => m.Symbol, StringComparer.Ordinal)]),
        [],
        Patience,
        _ => { });

    private IActorRef Answering(string symbol, long[] times) => Sys.ActorOf(Props.Create(() => new Echo(Answer(symbol, times))));

    private static MarketActor.Advanced Answer(string symbol, long[] times)
    {
        var ticks = ArrayPool<Tick>.Shared.Rent(times.Length);
        for (var i = 0; i < times.Length; i++)
            ticks[i] = new Tick { Symbol = symbol, TsEvent = times[i], Sequence = i + 1 };
        return new MarketActor.Advanced(ticks, times.Length, new MarketPosition(symbol, times.Length + 1, 1, 1, TickChecksum.Empty));
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo(object answer) => ReceiveAny(_ => Sender.Tell(answer));
    }

    private sealed record LaneRun(
        int Steps, IReadOnlyList<Tick> Ticks, LaneProgress Progress, IReadOnlyList<Intervention> Interventions, IReadOnlyList<LaneMarkets.IEvent> Told,
        IReadOnlyList<IReadOnlyList<int>> SiblingsAsked);
}
