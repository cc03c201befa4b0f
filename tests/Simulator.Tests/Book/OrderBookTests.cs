using StockActors.Market;
using StockActors.Simulator.Book;

namespace StockActors.Simulator.Tests.Book;

public sealed class OrderBookTests
{
    /// <summary>Prices from a handful of levels, from a range that spans many leaves of the price tree, and from the far ends of a long.</summary>
    public static TheoryData<int, int> Worlds => new() { { 1, 6 }, { 2, 40 }, { 3, 3_000 }, { 4, -1 } };

    [Theory]
    [MemberData(nameof(Worlds))]
    public void Every_operation_trades_and_leaves_the_book_as_the_naive_book_does(int seed, int spread)
    {
        var random = new Random(seed);
        var book = new OrderBook(capacity: 1);
        var naive = new NaiveBook();
        var sink = new Recorder([]);
        long entered = 0, removed = 0;

        for (var step = 0; step < 60_000; step++)
        {
            // Ids come back after a while, and an id of the last few hundred is likely to stand.
            var id = random.Next(300) - 150L;
            var side = random.Next(2) == 0 ? Side.Bid : Side.Ask;
            var price = spread > 0 ? 100_000 + random.Next(spread) : 1L << random.Next(63);
            long size = random.Next(1, 50);
            var agent = (AgentClass)random.Next(6);
            var standing = naive.Stands(id);
            var where = $"seed {seed}, step {step}";
            switch (random.Next(8))
            {
                case 0 or 1 or 2 when standing:
                    Assert.Throws<ArgumentException>(() => book.Limit(id, side, price, size, agent, ref sink));
                    break;
                case 0 or 1 or 2:
                    book.Limit(id, side, price, size, agent, ref sink);
                    naive.Limit(id, side, price, size, agent);
                    entered += size;
                    break;
                case 3:
                    var taken = book.ImmediateOrCancel(1_000, side, price, size, ref sink);
                    Assert.Equal(size - naive.Take(1_000, side, price, size), taken);
                    entered += taken;
                    break;
                case 4:
                    taken = book.Market(1_000, side, size, ref sink);
                    Assert.Equal(size - naive.Take(1_000, side, null, size), taken);
                    entered += taken;
                    break;
                case 5:
                    removed += book.TryFind(id, out var cancelled) ? cancelled.Size : 0;
                    Assert.Equal(naive.Cancel(id), book.Cancel(id));
                    break;
                case 6:
                    removed += book.TryFind(id, out var reduced) ? Math.Min(reduced.Size, size) : 0;
                    Assert.Equal(naive.Reduce(id, size), book.Reduce(id, size));
                    break;
                case 7 when random.Next(2) == 0:
                    Assert.Equal(naive.Replace(id, price, null), book.Move(id, price, ref sink));
                    break;
                default:
                    removed += book.TryFind(id, out var replaced) ? replaced.Size : 0;
                    entered += standing ? size : 0;
                    Assert.Equal(naive.Replace(id, price, size), book.Replace(id, price, size, ref sink));
                    break;
            }

            Assert.True(naive.Executions.SequenceEqual(sink.Executions), where);
            removed += 2 * sink.Executions.Sum(e => e.Size);
            naive.Executions.Clear();
            sink.Executions.Clear();

            var bids = naive.Orders(Side.Bid).ToList();
            var asks = naive.Orders(Side.Ask).ToList();
            Assert.True(bids.SequenceEqual(book.Orders(Side.Bid)), where);
            Assert.True(asks.SequenceEqual(book.Orders(Side.Ask)), where);
            Assert.True(Best(bids) == book.BestBid && Best(asks) == book.BestAsk, where);
            Assert.True(bids.Count + asks.Count == book.Count, where);
            Assert.True(book.BestBid.IsEmpty || book.BestAsk.IsEmpty || book.BestBid.Price < book.BestAsk.Price, $"crossed, {where}");
            Assert.True(entered - removed == bids.Concat(asks).Sum(o => o.Size), $"size made or lost, {where}");
        }
    }

    [Fact]
    public void An_execution_is_announced_while_the_book_still_stands_as_before_it()
    {
        var book = new OrderBook();
        var seen = new BestSeen(book, []);
        book.Limit(1, Side.Ask, 10, 3, AgentClass.Noise, ref seen);
        book.Limit(2, Side.Ask, 11, 5, AgentClass.Noise, ref seen);

        book.Market(3, Side.Bid, 4, ref seen);

        Assert.Equal([new PriceLevel(10, 3, 1), new PriceLevel(11, 5, 1)], seen.Asks);
        Assert.Equal(new PriceLevel(11, 4, 1), book.BestAsk);
    }

    [Fact]
    public void Orders_out_of_range_are_refused_before_anything_changes()
    {
        var book = new OrderBook();
        var sink = new Recorder([]);
        Assert.Throws<ArgumentOutOfRangeException>(() => book.Limit(1, Side.Bid, 0, 1, AgentClass.Noise, ref sink));
        Assert.Throws<ArgumentOutOfRangeException>(() => book.Limit(1, Side.Bid, 1, 0, AgentClass.Noise, ref sink));
        Assert.Throws<ArgumentOutOfRangeException>(() => book.Limit(1, Side.None, 1, 1, AgentClass.Noise, ref sink));
        Assert.Throws<ArgumentOutOfRangeException>(() => book.Reduce(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => book.Move(1, 0, ref sink) || book.Replace(1, 0, 1, ref sink));
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

    private static PriceLevel Best(List<StandingOrder> queue)
    {
        var level = queue.TakeWhile(o => o.Price == queue[0].Price).ToList();
        return level.Count == 0 ? default : new PriceLevel(level[0].Price, level.Sum(o => o.Size), level.Count);
    }

    private readonly struct Recorder(List<Execution> executions) : IExecutionSink
    {
        public List<Execution> Executions => executions;

        public void Executing(in Execution execution) => executions.Add(execution);
    }

    private readonly struct BestSeen(OrderBook book, List<PriceLevel> asks) : IExecutionSink
    {
        public List<PriceLevel> Asks => asks;

        public void Executing(in Execution execution) => asks.Add(book.BestAsk);
    }

    private struct Counter : IExecutionSink
    {
        public long Size { get; private set; }

        public void Executing(in Execution execution) => Size += execution.Size;
    }
}
