using StockActors.Market;
using StockActors.Simulator.Exchange;

namespace StockActors.Simulator.Tests.Exchange;

public sealed class MarketEngineTests
{
    [Fact]
    public void A_day_is_the_same_in_steps_of_any_size()
    {
        var whole = Days.Run(Days.Engine());
        var checksums = new List<ulong> { TickChecksum.Empty };
        foreach (var tick in whole)
            checksums.Add(TickChecksum.Add(checksums[^1], tick));
        for (var seed = 0; seed < 5; seed++)
        {
            var random = new Random(seed);
            var engine = Days.Engine();
            using var ticks = new TickBuffer();
            while (engine.Time < engine.Day.Close)
            {
                // From nothing to an hour, or to the very instant of the next tick, or to just behind it.
                var step = (long)Math.Pow(10, random.NextDouble() * 12.5) - 1;
                engine.Advance(random.Next(2) == 0 ? engine.Time + step : whole[ticks.Count].TsEvent + random.Next(2), ticks);
                Assert.Equal(checksums[ticks.Count], engine.Position.Checksum);
            }

            Assert.True(whole.AsSpan().SequenceEqual(ticks.Ticks), $"seed {seed}");
        }
    }

    [Fact]
    public void What_comes_out_of_an_advance_lies_before_its_end_and_all_of_it()
    {
        var whole = Days.Run(Days.Engine());
        var random = new Random(7);
        for (var i = 0; i < 20; i++)
        {
            var until = whole[random.Next(whole.Length)].TsEvent + random.Next(2);
            Assert.Equal(whole.Count(t => t.TsEvent < until), Days.Run(Days.Engine(), until).Length);
        }
    }

    [Fact]
    public void Seed_symbol_and_day_make_another_day_and_the_run_only_signs_it()
    {
        var ticks = Days.Run(Days.Engine());
        var signed = Days.Run(Days.Engine(runId: "another-run"));
        Assert.Equal(ticks.Select(t => t with { RunId = "another-run" }), signed);

        var spec = MarketSpec.Default(0);
        var renamed = new MarketSpec("S0000", spec.StartPrice, spec.TickSize, spec.Lot);
        var prices = Prices(Days.Engine());
        Assert.NotEqual(prices, Prices(Days.Engine(seed: 2)));
        Assert.NotEqual(prices, Prices(new MarketEngine(renamed, Days.RunId, 1, Days.First, renamed.AtFirstOpen)));
        Assert.NotEqual(prices, Prices(new MarketEngine(spec, Days.RunId, 1, Days.First.Next, spec.AtFirstOpen)));

        static List<long> Prices(MarketEngine engine) =>
            [.. Days.Run(engine, engine.Day.Open + (600 * UnixNanos.PerSecond)).Where(t => t.Kind == TickKind.Trade).Select(t => t.Trade.Price)];
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(14, 3)]
    public void A_day_keeps_the_rules_of_the_tape(int market, long seed)
    {
        var spec = MarketSpec.Default(market);
        var engine = Days.Engine(market, seed);
        var ticks = Days.Run(engine);
        var day = engine.Day;

        Assert.Equal(Enumerable.Range(1, ticks.Length), ticks.Select(t => (int)t.Sequence!.Value));
        Assert.All(ticks, t => Assert.Equal((spec.Symbol, Days.RunId, TickSource.Sim), (t.Symbol, t.RunId, t.Source)));
        Assert.True(ticks.Zip(ticks.Skip(1)).All(pair => pair.First.TsEvent <= pair.Second.TsEvent));
        var status = ticks.Where(t => t.Kind == TickKind.Status).ToList();
        Assert.Equal(
            [
                (day.Open, StatusAction.Auction, "opening", false), (day.Continuous, StatusAction.Open, "schedule", true),
                (day.Closing, StatusAction.Auction, "closing", false), (day.Close - 1, StatusAction.Close, "schedule", (bool?)false),
            ],
            status.Select(t => (t.TsEvent, t.Status.Action, t.Status.Reason, t.Status.IsTrading)));
        Assert.Equal((ticks[0], ticks[^1]), (status[0], status[^1]));

        var trades = ticks.Where(t => t.Kind == TickKind.Trade).ToList();
        Assert.Equal(Enumerable.Range(1, trades.Count), trades.Select(t => (int)t.Trade.TradeId!.Value));
        Assert.Equal(new MarketPosition(spec.Symbol, ticks.Length + 1, trades.Count + 1, spec.StartPrice, Days.Checksum(ticks)), engine.Position);
        Assert.Equal(new MarketPosition(spec.Symbol, ticks.Length + 1, trades.Count + 1, trades[^1].Trade.Price, TickChecksum.Empty, ticks.Length, trades.Count), engine.NextDay());

        BestBidOffer quoted = default;
        foreach (var tick in ticks)
        {
            if (tick.Kind == TickKind.Quote)
            {
                Assert.NotEqual(quoted, tick.Book);
                Assert.True(tick.Book is not { Bid: { } bid, Ask: { } ask } || bid.Price < ask.Price, "crossed");
                quoted = tick.Book;
            }
            else if (tick.Kind == TickKind.Trade)
            {
                var trade = tick.Trade;
                Assert.Equal((0, 0), (trade.Price % spec.TickSize, trade.Size % spec.Lot));
                Assert.NotEqual(AgentClass.Unknown, trade.Aggressor);
                Assert.NotEqual(AgentClass.Unknown, trade.Resting);
                if (trade.Side == Side.None)
                {
                    // An auction has one price, and is when trading begins and ends.
                    Assert.Equal(default, tick.Book);
                    Assert.Contains(tick.TsEvent, new[] { day.Continuous, day.Close - 1 });
                    Assert.Equal(trades.First(t => t.TsEvent == tick.TsEvent).Trade.Price, trade.Price);
                    continue;
                }

                Assert.InRange(tick.TsEvent, day.Continuous, day.Closing - 1);
                var met = (trade.Side == Side.Bid ? tick.Book.Ask : tick.Book.Bid)!.Value;
                Assert.Equal(met.Price, trade.Price);
                Assert.InRange(trade.Size, 1, met.Size);
            }
        }
    }

    [Fact]
    public void The_first_trade_of_an_order_shows_the_book_that_was_quoted_and_the_next_what_the_first_left_of_it()
    {
        BestBidOffer quoted = default;
        Tick? before = null;
        foreach (var tick in Days.Run(Days.Engine()).Where(t => t.Trade.Side != Side.None || t.Kind != TickKind.Trade))
        {
            if (tick.Kind == TickKind.Quote)
            {
                quoted = tick.Book;
                before = null;
            }
            else if (tick.Kind == TickKind.Trade && before is null)
            {
                Assert.Equal(quoted, tick.Book);
                before = tick;
            }
            else if (tick.Kind == TickKind.Trade)
            {
                Assert.NotEqual(before!.Value.Book, tick.Book);
                before = tick;
            }
        }
    }

    [Fact]
    public void Both_sides_are_populated_almost_always_and_the_price_stays_about_its_start()
    {
        var spec = MarketSpec.Default(2);
        var position = spec.AtFirstOpen;
        var day = Days.First;
        long ticks = 0, quotes = 0, empty = 0;
        const int days = 20;
        for (var i = 0; i < days; i++, day = day.Next)
        {
            var engine = new MarketEngine(spec, Days.RunId, 1, day, position);
            foreach (var tick in Days.Run(engine))
            {
                ticks++;
                quotes += tick.Kind == TickKind.Quote ? 1 : 0;
                empty += tick.Kind == TickKind.Quote && (tick.Book.Bid is null || tick.Book.Ask is null) ? 1 : 0;
            }

            position = engine.NextDay();
            Assert.InRange(position.PreviousClose, spec.StartPrice * 7 / 10, spec.StartPrice * 13 / 10);
        }

        Assert.InRange(empty, 0, quotes / 1_000);
        Assert.InRange(ticks / (days * 23_400.0), 1, 6);
    }

    [Fact]
    public void A_replay_comes_to_the_position_that_was_reached_on_any_day_of_a_run()
    {
        var spec = MarketSpec.Default(3);
        var position = spec.AtFirstOpen;
        var random = new Random(1);
        var day = Days.First;
        for (var i = 0; i < 6; i++, day = day.Next)
        {
            var engine = new MarketEngine(spec, Days.RunId, 1, day, position);
            foreach (var time in new[] { day.Open, day.Open + 1, day.Open + random.NextInt64(day.Close - day.Open) }.Order())
            {
                Days.Run(engine, time);
                Assert.Equal(engine.Position, MarketEngine.Replay(spec, Days.RunId, 1, engine.Position, time, []).Position);
            }

            var replayed = MarketEngine.Replay(spec, Days.RunId, 1, engine.Position, engine.Time, []);
            Assert.Equal(Days.Run(engine), Days.Run(replayed));
            position = engine.NextDay();
            Assert.Equal(position, MarketEngine.Replay(spec, Days.RunId, 1, position, day.Close, []).Position);
        }
    }

    [Fact]
    public void A_halted_market_has_no_ticks_and_trades_again_as_the_same_day_in_steps_of_any_size()
    {
        var (halted, resumed) = (Days.First.Open + UnixNanos.PerHour, Days.First.Open + (2 * UnixNanos.PerHour));
        Intervention[] interventions = [Of(InterventionKind.Halt, halted), Of(InterventionKind.Resume, resumed)];
        var undisturbed = Days.Run(Days.Engine(), halted);
        var whole = RunWith(Days.Engine(), interventions, Days.First.Close, step: UnixNanos.PerDay);

        Assert.Equal(undisturbed, whole.Take(undisturbed.Length));
        Assert.Equal(
            [(halted, StatusAction.Halt, "fault", false), (resumed, StatusAction.Resume, "operator", (bool?)true)],
            whole.Skip(undisturbed.Length).Take(2).Select(t => (t.TsEvent, t.Status.Action, t.Status.Reason, t.Status.IsTrading)));
        Assert.Equal(Enumerable.Range(1, whole.Count), whole.Select(t => (int)t.Sequence!.Value));
        Assert.True(whole.Count > undisturbed.Length + 10_000);
        Assert.Equal(whole, RunWith(Days.Engine(), interventions, Days.First.Close, step: 17 * UnixNanos.PerSecond));
    }

    [Fact]
    public void A_replay_with_interventions_comes_to_the_position_that_was_reached_at_any_time_of_them()
    {
        var spec = MarketSpec.Default(0);
        var random = new Random(5);
        var times = Enumerable.Range(0, 6).Select(_ => Days.First.Open + random.NextInt64(Days.First.Close - Days.First.Open)).Append(Days.First.Open).Order().ToList();
        var interventions = times.Select((time, i) => Of(i % 2 == 0 ? InterventionKind.Halt : InterventionKind.Resume, time)).ToList();
        var engine = new MarketEngine(spec, Days.RunId, 1, Days.First, spec.AtFirstOpen with { NextSequence = 900, NextTradeId = 70, SequencesBefore = 899, TradesBefore = 69 });
        using var ticks = new TickBuffer();
        for (var i = 0; i < interventions.Count; i++)
        {
            engine.Apply(interventions[i], ticks);
            Assert.Equal(engine.Position, MarketEngine.Replay(spec, Days.RunId, 1, engine.Position, times[i], [.. interventions.Take(i + 1)]).Position);
            if (interventions[i].Kind == InterventionKind.Halt)
                continue;
            engine.Advance(engine.Time + UnixNanos.PerSecond, ticks);
            var replayed = MarketEngine.Replay(spec, Days.RunId, 1, engine.Position, engine.Time, [.. interventions.Take(i + 1)]);
            Assert.Equal(engine.Position, replayed.Position);
            Assert.NotEqual(engine.Position, MarketEngine.Replay(spec, Days.RunId, 1, engine.Position, engine.Time, [.. interventions.Take(i - 1)]).Position);
        }
    }

    [Fact]
    public void A_market_that_is_halted_over_a_close_opens_when_it_is_resumed_from_its_last_trade()
    {
        var spec = MarketSpec.Default(0);
        var halt = Of(InterventionKind.Halt, Days.First.Open + UnixNanos.PerHour);
        var first = Days.Engine();
        var before = RunWith(first, [halt], halt.Time, UnixNanos.PerHour);
        var day = Days.First.Next.Next;
        var resume = Of(InterventionKind.Resume, day.Open + UnixNanos.PerHour);
        var second = new MarketEngine(spec, Days.RunId, 1, day, first.NextDay(), halted: true);
        var after = RunWith(second, [resume], day.Open + (2 * UnixNanos.PerHour), UnixNanos.PerHour);

        Assert.Equal(before.Last(t => t.Kind == TickKind.Trade).Trade.Price, second.Position.PreviousClose);
        Assert.Equal(
            [(resume.Time, StatusAction.Resume), (resume.Time, StatusAction.Auction), (resume.Time, StatusAction.Open)],
            after.Where(t => t.Kind == TickKind.Status).Select(t => (t.TsEvent, t.Status.Action)));
        Assert.Equal(before.Count + 1, after[0].Sequence);
        Assert.All(after, t => Assert.InRange(t.TsEvent, resume.Time, day.Close));
        Assert.Equal(second.Position, MarketEngine.Replay(spec, Days.RunId, 1, second.Position, second.Time, [halt, resume]).Position);
    }

    [Fact]
    public void An_engine_refuses_interventions_that_cannot_have_been()
    {
        using var ticks = new TickBuffer();
        var engine = Days.Engine();
        engine.Advance(Days.First.Open + UnixNanos.PerHour, ticks);
        Assert.All(
            [
                Of(InterventionKind.Resume, engine.Time), Of(InterventionKind.Halt, engine.Time - 1), Of(InterventionKind.Halt, Days.First.Close),
                Of(InterventionKind.Halt, engine.Time) with { Symbol = "S001" },
            ],
            wrong => Assert.Throws<ArgumentException>(() => engine.Apply(wrong, ticks)));
        engine.Apply(Of(InterventionKind.Halt, engine.Time), ticks);
        Assert.Throws<ArgumentException>(() => engine.Apply(Of(InterventionKind.Halt, engine.Time), ticks));
    }

    [Fact]
    public void What_a_trader_was_about_to_draw_when_its_market_failed_it_does_not_draw_when_that_is_resumed()
    {
        var (resumed, undisturbed) = (new Drawer(), new Drawer());
        Assert.Equal(undisturbed.Draw(), resumed.Draw());
        resumed.Forget();
        var missed = undisturbed.Draw();
        Assert.All(Enumerable.Range(0, 100), _ => Assert.NotEqual(missed, resumed.Draw()));
    }

    private static Intervention Of(InterventionKind kind, long time) =>
        new(Days.RunId, 0, $"{kind}-{time}", "S000", kind, kind == InterventionKind.Halt ? "fault" : "operator", time);

    private static List<Tick> RunWith(MarketEngine engine, IEnumerable<Intervention> interventions, long until, long step)
    {
        using var ticks = new TickBuffer();
        foreach (var intervention in interventions)
        {
            Steps(intervention.Time);
            engine.Apply(intervention, ticks);
        }

        Steps(until);
        return [.. ticks.Ticks];

        void Steps(long to)
        {
            while (engine.Time < to)
                engine.Advance(Math.Min(to, engine.Time + step), ticks);
        }
    }

    [Fact]
    public void A_replay_of_another_past_does_not_come_to_the_position()
    {
        var spec = MarketSpec.Default(0);
        var engine = Days.Engine();
        var time = engine.Day.Open + UnixNanos.PerHour;
        Days.Run(engine, time);
        var reached = engine.Position;

        Assert.All(
            [
                MarketEngine.Replay(spec, Days.RunId, 2, reached, time, []).Position == reached,
                MarketEngine.Replay(spec, "another-run", 1, reached, time, []).Position == reached,
                MarketEngine.Replay(spec, Days.RunId, 1, reached, time + UnixNanos.PerHour, []).Position == reached,
                Reaches(reached with { PreviousClose = reached.PreviousClose + spec.TickSize }),
                Reaches(reached with { NextSequence = reached.NextSequence + 1 }),
                Reaches(reached with { SequencesBefore = 1 }),
                Reaches(reached with { TradesBefore = 1 }),
                Reaches(reached with { NextTradeId = reached.NextTradeId + 1 }),
                Reaches(reached with { Checksum = reached.Checksum + 1 }),
            ],
            Assert.False);

        bool Reaches(MarketPosition wrong) => MarketEngine.Replay(spec, Days.RunId, 1, wrong, time, []).Position == wrong;
    }

    [Fact]
    public void An_engine_refuses_positions_that_are_none_of_its_opens_and_a_next_day_before_the_close()
    {
        var spec = MarketSpec.Default(0);
        Assert.All(
            [
                spec.AtFirstOpen with { Symbol = "S001" },
                spec.AtFirstOpen with { NextSequence = 0 },
                spec.AtFirstOpen with { NextTradeId = 0 },
                spec.AtFirstOpen with { PreviousClose = 0 },
                spec.AtFirstOpen with { PreviousClose = spec.StartPrice + 1 },
                spec.AtFirstOpen with { Checksum = 1 },
                spec.AtFirstOpen with { SequencesBefore = 1 },
                spec.AtFirstOpen with { TradesBefore = 1 },
            ],
            position => Assert.Throws<ArgumentException>(() => new MarketEngine(spec, Days.RunId, 1, Days.First, position)));
        var early = Assert.Throws<InvalidOperationException>(() => Days.Engine().NextDay());
        Assert.Contains("2026-01-05T21:00:00", early.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_market_that_runs_allocates_nothing()
    {
        var engine = Days.Engine();
        using var ticks = new TickBuffer();
        engine.Advance(engine.Day.Open + UnixNanos.PerHour, ticks);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 3_600; i++)
        {
            ticks.Clear();
            engine.Advance(engine.Time + UnixNanos.PerSecond, ticks);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private sealed class Drawer() : Trader(0, AgentClass.Noise, new RandomStream(1, "S000", Days.First.Date, 0), orders: 0)
    {
        public ulong Draw() => Random.Next();

        public override void Act(MarketFloor floor)
        {
        }
    }
}
