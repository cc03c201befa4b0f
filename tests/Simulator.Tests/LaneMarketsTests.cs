using System.Buffers;
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

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_lane_s_batches_hold_every_tick_of_its_markets_by_time_symbol_and_sequence()
    {
        int[] markets = [2, 0, 11, 1];
        var refs = markets.Select(i => (MarketSpec.Default(i).Symbol, Sys.ActorOf(MarketActor.Props(MarketSpec.Default(i), Days.RunId, 1)))).ToList();
        var clock = LaneClock.From(Days.First.Close - UnixNanos.PerHour, UnixNanos.PerHour, speed: null, TimeProvider.System);

        // The first step holds the whole day but its last hour, then come that hour and the first hour of the next day.
        var batches = await LaneMarkets.Source(refs, clock, Days.RunId, Lane, Patience).Take(3).RunWith(Sink.Seq<TickBatch>(), Sys.Materializer());

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

        var lane = LaneMarkets.Source(refs, Source.Single(10L), Days.RunId, Lane, Patience);
        var batch = await lane.RunWith(Sink.First<TickBatch>(), Sys.Materializer());

        Assert.Equal(["B5.1", "a5.1", "b5.1", "b5.2", "a9.2", "b9.3"], batch.Ticks.ToArray().Select(t => $"{t.Symbol}{t.TsEvent}.{t.Sequence}"));
        batch.Dispose();
    }

    [Fact]
    public async Task A_step_without_ticks_is_a_batch_all_the_same()
    {
        var batch = await FirstOf("a", Answering("a", []), Patience);

        Assert.Equal((0, 10), (batch.Count, batch.Progress.Time));
        batch.Dispose();
    }

    [Fact]
    public async Task Nobody_s_demand_leaves_simulated_time_standing()
    {
        var asked = CreateTestProbe();
        var clock = Source.From(Enumerable.Range(1, 1_000).Select(i => (long)i));
        var probe = StreamProbe<TickBatch>.Run(LaneMarkets.Source([("a", asked.Ref)], clock, Days.RunId, Lane, Patience), Sys.Materializer());

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
    public async Task A_market_that_does_not_answer_or_answers_with_a_failure_fails_the_stream()
    {
        var silent = CreateTestProbe();
        await Assert.ThrowsAnyAsync<AskTimeoutException>(() => FirstOf("a", silent.Ref, TimeSpan.FromMilliseconds(100)));

        var failing = Sys.ActorOf(Props.Create(() => new Echo(new Akka.Actor.Status.Failure(new MarketLostException("a", "it was told to")))));
        await Assert.ThrowsAsync<MarketLostException>(() => FirstOf("a", failing, Patience));
    }

    [Fact]
    public void A_symbol_may_come_once()
    {
        var market = CreateTestProbe().Ref;
        (string, IActorRef)[] markets = [("a", market), ("b", market), ("a", market)];
        var error = Assert.Throws<ArgumentException>(() => LaneMarkets.Source(markets, Source.Single(1L), Days.RunId, Lane, Patience));
        Assert.Contains("two markets of a", error.Message, StringComparison.Ordinal);
    }

    private Task<TickBatch> FirstOf(string symbol, IActorRef market, TimeSpan timeout) =>
        LaneMarkets.Source([(symbol, market)], Source.Single(10L), Days.RunId, Lane, timeout).RunWith(Sink.First<TickBatch>(), Sys.Materializer());

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
}
