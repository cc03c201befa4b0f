using System.Runtime.CompilerServices;
using StockActors.Market;

namespace StockActors.Simulator.Book;

/// <summary>
/// A limit order book with price-time priority; trades happen at the resting order's price. Prices are whole price ticks, sizes whole
/// units. Once its pools have grown to the day's size no operation allocates. Not thread-safe.
/// </summary>
/// <remarks>
/// Orders lie in one array and queue by index within their level; levels are found by price in a radix tree and orders by id in a hash
/// table, so that every operation costs the same however deep the book is.
/// </remarks>
public sealed class OrderBook
{
    internal const int NoOrder = -1;

    private readonly BookSide _bids = new(Side.Bid);
    private readonly BookSide _asks = new(Side.Ask);
    private readonly OrderIndex _index;
    private Order[] _orders;
    private int _used;
    private int _free = NoOrder;

    /// <summary>Makes an empty book.</summary>
    /// <param name="capacity">Standing orders to make room for at first.</param>
    public OrderBook(int capacity = 1024)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _orders = new Order[capacity];
        _index = new OrderIndex(capacity);
    }

    /// <summary>How many orders stand.</summary>
    public int Count { get; private set; }

    /// <summary>The best bid, empty where there is none. O(1).</summary>
    public PriceLevel BestBid => Best(_bids);

    /// <summary>The best offer, empty where there is none. O(1).</summary>
    public PriceLevel BestAsk => Best(_asks);

    /// <summary>A limit order, good till cancelled: trades with what it meets, and what is left of it stands.</summary>
    /// <param name="id">Its id; no order with it may stand.</param>
    /// <param name="side">Its side.</param>
    /// <param name="price">Its limit in price ticks, 1 or more.</param>
    /// <param name="size">Its size, 1 or more.</param>
    /// <param name="agent">Whose it is.</param>
    /// <param name="sink">Is told of its executions.</param>
    /// <returns>What was executed at once.</returns>
    /// <exception cref="ArgumentException">The id stands already, or price, size or side are out of range.</exception>
    public long Limit<TSink>(long id, Side side, long price, long size, AgentClass agent, ref TSink sink)
        where TSink : IExecutionSink, allows ref struct
    {
        Check(side, size);
        ArgumentOutOfRangeException.ThrowIfLessThan(price, 1);
        if (_index.Find(id) != OrderIndex.None)
            throw new ArgumentException($"Order {id} stands already; a new order needs an id of its own.", nameof(id));
        var left = Match(id, side, price, size, ref sink);
        if (left > 0)
            Stand(id, side, price, left, agent);
        return size - left;
    }

    /// <summary>A limit order of which nothing stands: it trades with what it meets, the rest is cancelled.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="side">Its side.</param>
    /// <param name="price">Its limit in price ticks, 1 or more.</param>
    /// <param name="size">Its size, 1 or more.</param>
    /// <param name="sink">Is told of its executions.</param>
    /// <returns>What was executed.</returns>
    /// <exception cref="ArgumentException">Price, size or side are out of range.</exception>
    public long ImmediateOrCancel<TSink>(long id, Side side, long price, long size, ref TSink sink)
        where TSink : IExecutionSink, allows ref struct
    {
        Check(side, size);
        ArgumentOutOfRangeException.ThrowIfLessThan(price, 1);
        return size - Match(id, side, price, size, ref sink);
    }

    /// <summary>A market order: it trades with the other side at any price; what finds nobody is cancelled.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="side">Its side.</param>
    /// <param name="size">Its size, 1 or more.</param>
    /// <param name="sink">Is told of its executions.</param>
    /// <returns>What was executed.</returns>
    /// <exception cref="ArgumentException">Size or side are out of range.</exception>
    public long Market<TSink>(long id, Side side, long size, ref TSink sink)
        where TSink : IExecutionSink, allows ref struct
    {
        Check(side, size);
        return size - Match(id, side, side == Side.Bid ? long.MaxValue : 0, size, ref sink);
    }

    /// <summary>Takes an order away.</summary>
    /// <returns><c>false</c> where it does not stand.</returns>
    public bool Cancel(long id)
    {
        var place = _index.Remove(id);
        if (place == OrderIndex.None)
            return false;
        Leave(place);
        return true;
    }

    /// <summary>Makes an order smaller without loss of priority; to nothing where the reduction is at least what remains.</summary>
    /// <param name="id">The order.</param>
    /// <param name="by">By how much, 1 or more.</param>
    /// <returns><c>false</c> where it does not stand.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The reduction is less than 1.</exception>
    public bool Reduce(long id, long by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, 1);
        var place = _index.Find(id);
        if (place == OrderIndex.None)
            return false;
        ref var order = ref _orders[place];
        if (by >= order.Size)
            return Cancel(id);
        order.Size -= by;
        SideOf(order.Side)[order.Level].Size -= by;
        return true;
    }

    /// <summary>Moves what remains of an order to another price: it loses its priority, and may trade.</summary>
    /// <inheritdoc cref="Replace"/>
    public bool Move<TSink>(long id, long price, ref TSink sink)
        where TSink : IExecutionSink, allows ref struct
    {
        var place = _index.Find(id);
        return place != OrderIndex.None && Replace(id, price, _orders[place].Size, ref sink);
    }

    /// <summary>Puts an order with a new price and size in an order's place: it loses its priority, and may trade.</summary>
    /// <param name="id">The order; it keeps its id, side and owner.</param>
    /// <param name="price">The new limit in price ticks, 1 or more.</param>
    /// <param name="size">The new size, 1 or more.</param>
    /// <param name="sink">Is told of its executions.</param>
    /// <returns><c>false</c> where it does not stand.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Price or size are out of range.</exception>
    public bool Replace<TSink>(long id, long price, long size, ref TSink sink)
        where TSink : IExecutionSink, allows ref struct
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(price, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        var place = _index.Remove(id);
        if (place == OrderIndex.None)
            return false;
        var (side, agent) = (_orders[place].Side, _orders[place].Agent);
        Leave(place);
        var left = Match(id, side, price, size, ref sink);
        if (left > 0)
            Stand(id, side, price, left, agent);
        return true;
    }

    /// <summary>Finds a standing order.</summary>
    public bool TryFind(long id, out StandingOrder order)
    {
        var place = _index.Find(id);
        order = place == OrderIndex.None ? default : View(place);
        return place != OrderIndex.None;
    }

    /// <summary>One side's levels from the best to the worst. For inspection: the book must not change meanwhile.</summary>
    public IEnumerable<PriceLevel> Levels(Side side)
    {
        var levels = SideOf(side);
        for (var at = levels.Best; at != PriceTree.None; at = levels.Next(at))
            yield return View(levels[at]);
    }

    /// <summary>One side's orders in the order in which they would trade. For inspection: the book must not change meanwhile.</summary>
    public IEnumerable<StandingOrder> Orders(Side side)
    {
        var levels = SideOf(side);
        for (var at = levels.Best; at != PriceTree.None; at = levels.Next(at))
        {
            for (var place = levels[at].Head; place != NoOrder; place = _orders[place].Next)
                yield return View(place);
        }
    }

    private static void Check(Side side, long size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (side is not (Side.Bid or Side.Ask))
            throw new ArgumentOutOfRangeException(nameof(side), side, "An order buys or sells.");
    }

    private static PriceLevel Best(BookSide side) => side.Best == PriceTree.None ? default : View(side[side.Best]);

    private static PriceLevel View(in BookSide.Level level) => new(level.Price, level.Size, level.Count);

    private StandingOrder View(int place)
    {
        ref readonly var order = ref _orders[place];
        return new StandingOrder(order.Id, order.Side, SideOf(order.Side)[order.Level].Price, order.Size, order.Agent);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private BookSide SideOf(Side side) => side == Side.Bid ? _bids : _asks;

    private long Match<TSink>(long taker, Side side, long limit, long size, ref TSink sink)
        where TSink : IExecutionSink, allows ref struct
    {
        var others = side == Side.Bid ? _asks : _bids;
        while (size > 0 && others.IsMet(limit))
        {
            ref var level = ref others[others.Best];
            var place = level.Head;
            ref var maker = ref _orders[place];
            var traded = Math.Min(size, maker.Size);
            var filled = traded == maker.Size;
            sink.Executing(new Execution(taker, maker.Id, side, level.Price, traded, maker.Agent, filled));
            size -= traded;
            if (filled)
            {
                _index.Remove(maker.Id);
                Leave(place);
            }
            else
            {
                maker.Size -= traded;
                level.Size -= traded;
            }
        }

        return size;
    }

    private void Stand(long id, Side side, long price, long size, AgentClass agent)
    {
        var place = _free;
        if (place != NoOrder)
        {
            _free = _orders[place].Next;
        }
        else
        {
            place = _used++;
            if (place == _orders.Length)
                Array.Resize(ref _orders, place * 2);
        }

        var levels = SideOf(side);
        var at = levels.At(price);
        ref var level = ref levels[at];
        _orders[place] = new Order { Id = id, Size = size, Previous = level.Tail, Next = NoOrder, Level = at, Side = side, Agent = agent };
        if (level.Tail == NoOrder)
            level.Head = place;
        else
            _orders[level.Tail].Next = place;
        level.Tail = place;
        level.Size += size;
        level.Count++;
        Count++;
        _index.Add(id, place);
    }

    private void Leave(int place)
    {
        ref var order = ref _orders[place];
        var levels = SideOf(order.Side);
        ref var level = ref levels[order.Level];
        if (order.Previous == NoOrder)
            level.Head = order.Next;
        else
            _orders[order.Previous].Next = order.Next;
        if (order.Next == NoOrder)
            level.Tail = order.Previous;
        else
            _orders[order.Next].Previous = order.Previous;
        level.Size -= order.Size;
        if (--level.Count == 0)
            levels.Close(order.Level);
        order.Next = _free;
        _free = place;
        Count--;
    }

    private struct Order
    {
        public long Id;
        public long Size;
        public int Previous;
        public int Next;
        public int Level;
        public Side Side;
        public AgentClass Agent;
    }
}
