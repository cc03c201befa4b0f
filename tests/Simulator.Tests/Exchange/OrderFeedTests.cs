using StockActors.Market;
using StockActors.Simulator.Exchange;
using StockActors.Simulator.Scenarios;
using TheExchange = StockActors.Simulator.Exchange.Exchange;

namespace StockActors.Simulator.Tests.Exchange;

public sealed class OrderFeedTests
{
    /// <summary>Of the first symbol of <c>crisis</c>: a day with a halt by the price bands, and one in whose ticks there is a gap.</summary>
    private const long SeedOfHalt = 10, SeedOfGap = 5;

    [Theory]
    [InlineData("calm", 1)]
    [InlineData("busy", 7)]
    [InlineData("crisis", SeedOfHalt)]
    [InlineData("crisis", SeedOfGap)]
    public void A_fresh_book_makes_of_the_orders_the_same_quotes_and_trades(string scenario, long seed)
    {
        var records = Run(scenario, seed, orders: true);
        var book = new FeedBook();
        foreach (var record in records.Where(t => t.Kind == TickKind.Order))
            book.Apply(record);
        var told = records.Where(t => t.Kind is TickKind.Trade or TickKind.Quote).Select(t => FeedBook.Of(t)).ToList();
        var gaps = Gaps(scenario, seed);
        Assert.Equal(told, book.Told.Where(t => !gaps.Any(gap => t.Time >= gap.From && t.Time < gap.To)));
        Assert.True(told.Count > 1_000 && book.Seen.Count == Enum.GetValues<OrderAction>().Length, $"{told.Count} told, {string.Join(", ", book.Seen)}");
        Assert.Equal(seed == SeedOfGap, book.Told.Count > told.Count);
        Assert.True(seed != SeedOfHalt || records.Any(t => t is { Kind: TickKind.Status, Status: { Action: StatusAction.Halt, Reason: "limit-up" or "limit-down" } }));
    }

    [Theory]
    [InlineData("busy", 3)]
    [InlineData("crisis", SeedOfHalt)]
    public void The_ticks_are_the_same_whether_orders_are_told_or_not(string scenario, long seed) =>
        Assert.Equal(Run(scenario, seed, orders: false), Run(scenario, seed, orders: true).Where(t => t.Kind != TickKind.Order));

    [Fact]
    public void What_an_operator_does_leaves_the_book_to_be_made_of_the_orders()
    {
        var engine = Engine();
        using var buffer = new TickBuffer();
        var at = engine.Day.Open;
        foreach (var (kind, minutes) in new[] { (InterventionKind.Halt, 30), (InterventionKind.Resume, 10), (InterventionKind.Shock, 5), (InterventionKind.Halt, 60), (InterventionKind.Resume, 1) })
        {
            at += minutes * 60 * UnixNanos.PerSecond;
            engine.Apply(new Intervention(Days.RunId, 0, $"{kind}:{minutes}", engine.Position.Symbol, kind, "operator", at, kind == InterventionKind.Shock ? -50_000 : 0), buffer);
        }

        engine.Advance(engine.Day.Close, buffer);
        var book = new FeedBook();
        foreach (var record in buffer.Ticks)
        {
            if (record.Kind == TickKind.Order)
                book.Apply(record);
        }

        Assert.Equal(buffer.Ticks.ToArray().Where(t => t.Kind is TickKind.Trade or TickKind.Quote).Select(t => FeedBook.Of(t)), book.Told);
    }

    [Fact]
    public void A_market_that_is_caught_up_tells_what_one_that_never_stopped_tells()
    {
        // On the second day: the numbers of the first have to be gone on with.
        var first = Engine();
        Days.Run(first);
        var (day, atOpen) = (first.Day.Next, first.NextDay());
        var whole = Days.Run(new MarketEngine(Spec, Days.RunId, 1, day, atOpen));
        for (var seed = 0; seed < 5; seed++)
        {
            var random = new Random(seed);
            var engine = new MarketEngine(Spec, Days.RunId, 1, day, atOpen);
            var before = Days.Run(engine, engine.Day.Open + (long)(random.NextDouble() * (engine.Day.Close - engine.Day.Open)));
            var replayed = MarketEngine.Replay(Spec, Days.RunId, 1, engine.Position, engine.Time, []);
            Assert.Equal(engine.Position, replayed.Position);
            Assert.True(whole.AsSpan().SequenceEqual([.. before, .. Days.Run(replayed)]), $"seed {seed}");
        }
    }

    [Fact]
    public void The_next_day_goes_on_with_the_numbers_and_begins_with_an_empty_book()
    {
        var first = Engine();
        var last = Days.Run(first).Last(t => t.Kind == TickKind.Order);
        var next = Days.Run(new MarketEngine(Spec, Days.RunId, 1, first.Day.Next, first.NextDay()), first.Day.Next.Open + UnixNanos.PerSecond).First(t => t.Kind == TickKind.Order);
        Assert.Equal((last.Sequence + 1, OrderAction.Clear), (next.Sequence, next.Order.Action));
    }

    [Fact]
    public void A_market_that_tells_its_orders_allocates_nothing()
    {
        var engine = Engine();
        using var ticks = new TickBuffer();
        engine.Advance(engine.Day.Open + UnixNanos.PerHour, ticks);
        var (before, records) = (GC.GetAllocatedBytesForCurrentThread(), 0);
        for (var i = 0; i < 3_600; i++)
        {
            ticks.Clear();
            engine.Advance(engine.Time + UnixNanos.PerSecond, ticks);
            records += ticks.Count;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(records > 3_600);
    }

    private static MarketSpec Spec => MarketSpec.Default(0) with { TellsOrders = true };

    private static MarketEngine Engine() => new(Spec, Days.RunId, 1, Days.First, Spec.AtFirstOpen);

    private static List<Tick> Run(string scenario, long seed, bool orders)
    {
        var exchange = new TheExchange([.. ScenarioFile.Open(scenario).Markets(1).Select(spec => spec with { TellsOrders = orders })], seed, Days.RunId);
        return [.. exchange.Run(Days.First), .. exchange.Run(Days.First.Next)];
    }

    /// <summary>When no tick of a symbol is published, though its orders are.</summary>
    private static List<(long From, long To)> Gaps(string scenario, long seed)
    {
        var spec = ScenarioFile.Open(scenario).Markets(1)[0];
        return
        [
            .. from day in new[] { Days.First, Days.First.Next }
               from incident in Incident.Of(spec, seed, day, 1)
               where incident.Kind == AnomalyKind.FeedGap
               select (incident.Begin, incident.Begin + UnixNanos.Of(TimeSpan.FromSeconds(spec.Scenario.Anomalies.Single(a => a.Kind == AnomalyKind.FeedGap).Seconds))),
        ];
    }
}
