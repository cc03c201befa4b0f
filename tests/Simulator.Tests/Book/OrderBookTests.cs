using System.Globalization;
using StockActors.Market;
using StockActors.Simulator.Book;

namespace StockActors.Simulator.Tests.Book;

public sealed class OrderBookTests
{
    private static readonly Owner Noise = new(0, AgentClass.Noise);

    // A handful of prices, many leaves of the price tree, the far ends of what a price can be; few orders, compared whole each time, and many.
    private static readonly BookWorld[] Worlds =
    [
        new(Seed: 1, Ids: 16, Lowest: 1, Spread: 6, Owners: 3, Inspect: 1),
        new(Seed: 2, Ids: 40, Lowest: 1_000, Spread: 40, Owners: 1, Inspect: 1),
        new(Seed: 3, Ids: 40, Lowest: 100_000, Spread: 3_000, Owners: 6, Inspect: 1),
        new(Seed: 4, Ids: 40, Lowest: 1, Spread: 0, Owners: 3, Inspect: 1),
        new(Seed: 5, Ids: 300, Lowest: 50_000, Spread: 120, Owners: 40, Inspect: 200),
        new(Seed: 6, Ids: 300, Lowest: 1_000_000, Spread: 40_000, Owners: 40, Inspect: 200),
    ];

    /// <summary>Operations a world; <c>BOOK_OPERATIONS</c> asks for more.</summary>
    private static readonly int Operations = int.Parse(Environment.GetEnvironmentVariable("BOOK_OPERATIONS") ?? "200000", CultureInfo.InvariantCulture);

    public static TheoryData<int> EveryWorld => [.. Enumerable.Range(0, Worlds.Length)];

    [Theory]
    [MemberData(nameof(EveryWorld))]
    public void Every_operation_tells_trades_and_leaves_what_the_naive_book_does(int world)
    {
        var books = new TwoBooks(Worlds[world]);
        books.Run(Operations);

        string[] everything =
        [
            "limit", "immediate or cancel", "fill or kill", "market", "cancel", "reduce", "move", "replace", "execution",
            "market before an auction", "indicative auction", "uncross",
        ];
        Assert.All(everything, what => Assert.InRange(books.Done.GetValueOrDefault(what), 100, int.MaxValue));
        Assert.Equal(Worlds[world].Owners > 1, books.Done.ContainsKey("self-match"));
        Assert.True(Worlds[world].Ids > 100 || books.Done.ContainsKey("left at the market"));
    }

    [Fact]
    public void An_execution_is_announced_while_the_book_still_stands_as_before_it()
    {
        var book = new OrderBook();
        var seen = new BestSeen(book, []);
        book.Limit(1, Side.Ask, 10, 3, Noise, ref seen);
        book.Limit(2, Side.Ask, 11, 5, Noise, ref seen);

        book.Market(3, Side.Bid, 4, Noise, ref seen);

        Assert.Equal([new PriceLevel(10, 3, 1), new PriceLevel(11, 5, 1)], seen.Asks);
        Assert.Equal(new PriceLevel(11, 4, 1), book.BestAsk);
    }

    [Fact]
    public void Orders_out_of_range_are_refused_before_anything_changes()
    {
        var book = new OrderBook();
        var sink = new Recorder([]);
        Assert.Throws<ArgumentOutOfRangeException>(() => book.Limit(1, Side.Bid, 0, 1, Noise, ref sink));
        Assert.Throws<ArgumentOutOfRangeException>(() => book.Limit(1, Side.Bid, OrderBook.MaxPrice + 1, 1, Noise, ref sink));
        Assert.Throws<ArgumentOutOfRangeException>(() => book.Limit(1, Side.Bid, 1, 0, Noise, ref sink));
        Assert.Throws<ArgumentOutOfRangeException>(() => book.Limit(1, Side.Bid, 1, OrderBook.MaxSize + 1, Noise, ref sink));
        Assert.Throws<ArgumentOutOfRangeException>(() => book.Limit(1, Side.Bid, 1, 1, new Owner(-1, AgentClass.Noise), ref sink));
        Assert.Throws<ArgumentOutOfRangeException>(() => book.Limit(1, Side.None, 1, 1, Noise, ref sink));
        Assert.Throws<ArgumentOutOfRangeException>(() => book.Reduce(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => book.Move(1, 0, ref sink) || book.Replace(1, 0, 1, ref sink));
        Assert.Throws<ArgumentOutOfRangeException>(() => book.IndicativeAuction(0));
        Assert.Throws<InvalidOperationException>(() => book.Uncross(1, ref sink));
        Assert.Equal(0, book.Count);
    }

    [SharedFact("book")]
    public void A_book_that_has_grown_to_its_size_allocates_nothing()
    {
        var stream = OrderStream.Read(SharedFolder.PathOf("book/mixed.orders.gz"));
        var book = new OrderBook();
        var sink = new Counter();
        stream.Play(book, ref sink);
        foreach (var order in book.Orders(Side.Bid).Concat(book.Orders(Side.Ask)).ToList())
            book.Cancel(order.Id);

        var before = GC.GetAllocatedBytesForCurrentThread();
        stream.Play(book, ref sink);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // The enumerator of the stream's list is all there is.
        Assert.InRange(allocated, 0, 1_000);
    }

    private readonly struct Recorder(List<Execution> executions) : IExecutionSink
    {
        public List<Execution> Executions => executions;

        public void Executing(in Execution execution) => executions.Add(execution);

        public void Cancelling(in StandingOrder order)
        {
        }
    }

    private readonly struct BestSeen(OrderBook book, List<PriceLevel> asks) : IExecutionSink
    {
        public List<PriceLevel> Asks => asks;

        public void Executing(in Execution execution) => asks.Add(book.BestAsk);

        public void Cancelling(in StandingOrder order)
        {
        }
    }

    private struct Counter : IExecutionSink
    {
        public long Size { get; private set; }

        public void Executing(in Execution execution) => Size += execution.Size;

        public void Cancelling(in StandingOrder order)
        {
        }
    }
}
