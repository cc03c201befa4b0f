using System.Globalization;
using StockActors.Market;
using StockActors.Simulator.Book;
using StockActors.Simulator.Book.Streams;

namespace StockActors.Simulator.Tests.Book;

public sealed class OrderBookTests
{
    private static readonly Owner Noise = new(0, AgentClass.Noise);

    // A handful of prices, many leaves of the price tree, the far ends of what a price can be; few orders, compared whole each time, and many.
    private static readonly BookWorld[] Worlds =
    [
        new(Seed: 1, Ids: 16, Lowest: 1, Spread: 6, Owners: 3, Operations: 500_000, Inspect: 1),
        new(Seed: 2, Ids: 40, Lowest: 1_000, Spread: 40, Owners: 1, Operations: 250_000, Inspect: 1),
        new(Seed: 3, Ids: 40, Lowest: 100_000, Spread: 3_000, Owners: 6, Operations: 500_000, Inspect: 1),
        new(Seed: 4, Ids: 40, Lowest: 1, Spread: 0, Owners: 3, Operations: 500_000, Inspect: 1),
        new(Seed: 7, Ids: 24, Lowest: 1, Spread: 500, Owners: 3, Operations: 100_000, Inspect: 1, HasGrid: true),
        new(Seed: 8, Ids: 24, Lowest: 1, Spread: 500, Owners: 3, Operations: 100_000, Inspect: 1, HasGrid: true),
        new(Seed: 9, Ids: 24, Lowest: 1, Spread: 500, Owners: 3, Operations: 100_000, Inspect: 1, HasGrid: true),
        new(Seed: 5, Ids: 300, Lowest: 50_000, Spread: 120, Owners: 40, Operations: 100_000, Inspect: 200),
        new(Seed: 6, Ids: 300, Lowest: 1_000_000, Spread: 40_000, Owners: 40, Operations: 100_000, Inspect: 200),
    ];

    /// <summary>How often as many operations as a world has; <c>BOOK_ROUNDS</c> says more than once.</summary>
    private static readonly int Rounds = int.Parse(Environment.GetEnvironmentVariable("BOOK_ROUNDS") ?? "1", CultureInfo.InvariantCulture);

    public static TheoryData<int> EveryWorld => [.. Enumerable.Range(0, Worlds.Length)];

    [Theory]
    [MemberData(nameof(EveryWorld))]
    public void Every_operation_tells_trades_and_leaves_what_the_naive_book_does(int world)
    {
        var books = new TwoBooks(Worlds[world]);
        books.Run(Rounds * Worlds[world].Operations);

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

    [Fact]
    public void A_price_off_the_grid_is_refused_and_its_neighbours_are_named()
    {
        var book = new OrderBook(grid: new PriceGrid((0, 5), (100, 20)));
        var sink = new Recorder([]);
        book.Limit(1, Side.Bid, 95, 1, Noise, ref sink);
        book.Limit(2, Side.Bid, 100, 1, Noise, ref sink);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => book.Limit(3, Side.Bid, 105, 1, Noise, ref sink));
        Assert.Contains("its neighbours there are 100 and 120", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => book.ImmediateOrCancel(3, Side.Ask, 3, 1, Noise, ref sink));
        Assert.Throws<ArgumentOutOfRangeException>(() => book.Move(1, 96, ref sink));
        Assert.Throws<ArgumentOutOfRangeException>(() => book.IndicativeAuction(110));
        Assert.Equal((100, 2), (book.BestBid.Price, book.Count));
    }

    [Fact]
    public void A_grid_s_prices_are_the_multiples_of_each_band_s_step()
    {
        var grid = new PriceGrid((0, 5), (100, 20), (200, 50));
        var prices = Enumerable.Range(1, 1_000).Where(p => p % (p < 100 ? 5 : p < 200 ? 20 : 50) == 0).Select(p => (long)p).ToList();

        for (var price = 0L; price <= 990; price++)
        {
            Assert.Equal(prices.LastOrDefault(p => p <= price), grid.AtOrBelow(price));
            Assert.Equal(prices.First(p => p >= price), grid.AtOrAbove(price));
        }

        Assert.Throws<ArgumentException>(() => new PriceGrid());
        Assert.Throws<ArgumentException>(() => new PriceGrid((1, 1)));
        Assert.Throws<ArgumentException>(() => new PriceGrid((0, 0)));
        Assert.Throws<ArgumentException>(() => new PriceGrid((0, 5), (0, 10)));
        Assert.Contains("from 101 on", Assert.Throws<ArgumentException>(() => new PriceGrid((0, 1), (101, 5))).Message, StringComparison.Ordinal);
        Assert.Contains("from 105 on", Assert.Throws<ArgumentException>(() => new PriceGrid((0, 10), (105, 15))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_book_that_has_grown_to_its_size_allocates_nothing()
    {
        var book = new OrderBook();
        var streams = MadeStreams.Names.Select(name => MadeStreams.Make(name, 40_000)).ToList();
        var sink = new Counter();
        var (least, owner) = (long.MaxValue, new Owner(1, AgentClass.Noise));
        for (var round = 0; round < 5; round++)
        {
            // What a stream leaves is uncrossed with what the next one brings: so auctions, self-matches and kills are among it.
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var stream in streams)
            {
                stream.Play(book, ref sink);
                book.BeginAuction();
                book.Market(-1, Side.Bid, 50, owner, ref sink);
                book.Limit(-2, Side.Ask, 1, 70, owner, ref sink);
                Assert.True(book.IndicativeAuction(1_000_000).Volume >= 50);
                book.Uncross(1_000_000, ref sink);
                book.FillOrKill(-3, Side.Ask, 1, 20, owner, ref sink);
                book.Market(-3, Side.Bid, OrderBook.MaxSize, owner, ref sink);
                book.Market(-3, Side.Ask, OrderBook.MaxSize, owner, ref sink);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal(0, book.Count);
        }

        Assert.Equal(0, least);
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
