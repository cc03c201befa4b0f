using System.Runtime.CompilerServices;
using StockActors.Market;

namespace StockActors.Simulator.Book;

/// <summary>
/// A limit order book with price-time priority; in continuous trading trades happen at the resting order's price, in an auction all at one.
/// Prices are whole price ticks, sizes whole units. Once its pools have grown to the day's size no operation allocates. Not thread-safe.
/// </summary>
/// <remarks>
/// Orders lie in one array and queue by index within their level; levels are found by price in a radix tree and orders by id in a hash
/// table, so that every operation costs the same however deep the book is.
/// <para>
/// An order that meets one of its own owner cancels that one and goes on. An auction does not look at owners, as at exchanges: there both
/// orders stood before anyone knew what they would meet, and to take one away would change the price for all.
/// </para>
/// </remarks>
public sealed class OrderBook
{
    /// <summary>The highest price of an order, in price ticks. A price is also on the book's grid, where it has one.</summary>
    public const long MaxPrice = 1L << 62;

    /// <summary>The largest size of an order.</summary>
    public const long MaxSize = int.MaxValue;

    internal const int NoOrder = -1;

    // No order has this owner, so that one of whom nothing is known meets nobody's as its own.
    private const int Nobody = -1;

    private readonly BookSide _bids = new(Side.Bid);
    private readonly BookSide _asks = new(Side.Ask);
    private readonly OrderIndex _index;
    private readonly PriceGrid _grid;
    private Order[] _orders;
    private int _used;
    private int _free = NoOrder;

    /// <summary>Makes an empty book in continuous trading.</summary>
    /// <param name="capacity">Standing orders to make room for at first.</param>
    /// <param name="grid">The prices that orders can have, and an auction; where it is <c>null</c>, all.</param>
    public OrderBook(int capacity = 1024, PriceGrid? grid = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _grid = grid ?? PriceGrid.Whole;
        _orders = new Order[capacity];
        _index = new OrderIndex(capacity);
    }

    /// <summary>How many orders stand.</summary>
    public int Count { get; private set; }

    /// <summary>Whether orders gather for an auction, and the best bid may be above the best offer.</summary>
    public bool IsInAuction { get; private set; }

    /// <summary>The best bid, empty where there is none. O(1).</summary>
    public PriceLevel BestBid => Best(_bids);

    /// <summary>The best offer, empty where there is none. O(1).</summary>
    public PriceLevel BestAsk => Best(_asks);

    /// <summary>A limit order, good till cancelled: trades with what it meets, and what is left of it stands. Before an auction all of it stands.</summary>
    /// <param name="id">Its id; no order with it may stand.</param>
    /// <param name="side">Its side.</param>
    /// <param name="price">Its limit in price ticks, 1 to <see cref="MaxPrice"/>.</param>
    /// <param name="size">Its size, 1 to <see cref="MaxSize"/>.</param>
    /// <param name="owner">Whose it is.</param>
    /// <param name="sink">Is told of its executions.</param>
    /// <returns>What was executed at once.</returns>
    /// <exception cref="ArgumentException">The id stands already, or price, size, side or owner are out of range.</exception>
    public long Limit<TSink>(long id, Side side, long price, long size, Owner owner, ref TSink sink)
        where TSink : IExecutionSink, allows ref struct
    {
        Check(side, size, owner);
        Check(price);
        CheckNew(id);
        var left = IsInAuction ? size : Match(id, side, price, size, owner, ref sink);
        if (left > 0)
            Stand(id, side, SideOf(side).At(price), left, owner);
        return size - left;
    }

    /// <summary>A limit order of which nothing stands: it trades with what it meets, the rest is cancelled.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="side">Its side.</param>
    /// <param name="price">Its limit in price ticks, 1 to <see cref="MaxPrice"/>.</param>
    /// <param name="size">Its size, 1 to <see cref="MaxSize"/>.</param>
    /// <param name="owner">Whose it is.</param>
    /// <param name="sink">Is told of its executions.</param>
    /// <returns>What was executed.</returns>
    /// <exception cref="ArgumentException">Price, size, side or owner are out of range.</exception>
    /// <exception cref="InvalidOperationException">Orders gather for an auction.</exception>
    public long ImmediateOrCancel<TSink>(long id, Side side, long price, long size, Owner owner, ref TSink sink)
        where TSink : IExecutionSink, allows ref struct
    {
        Check(side, size, owner);
        Check(price);
        CheckContinuous();
        return size - Match(id, side, price, size, owner, ref sink);
    }

    /// <summary>A limit order that trades at once in full, with others than its owner, or changes nothing.</summary>
    /// <inheritdoc cref="ImmediateOrCancel"/>
    /// <returns>What was executed: all or 0.</returns>
    public long FillOrKill<TSink>(long id, Side side, long price, long size, Owner owner, ref TSink sink)
        where TSink : IExecutionSink, allows ref struct
    {
        Check(side, size, owner);
        Check(price);
        CheckContinuous();
        return CanFill(side, price, size, owner) ? size - Match(id, side, price, size, owner, ref sink) : 0;
    }

    /// <summary>
    /// A market order: it trades with the other side at any price; what finds nobody is cancelled. Before an auction it stands, is executed before
    /// any limit order of its side, and what finds nobody then is cancelled.
    /// </summary>
    /// <param name="id">Its id; before an auction, no order with it may stand.</param>
    /// <param name="side">Its side.</param>
    /// <param name="size">Its size, 1 to <see cref="MaxSize"/>.</param>
    /// <param name="owner">Whose it is.</param>
    /// <param name="sink">Is told of its executions.</param>
    /// <returns>What was executed at once.</returns>
    /// <exception cref="ArgumentException">The id stands already before an auction, or size, side or owner are out of range.</exception>
    public long Market<TSink>(long id, Side side, long size, Owner owner, ref TSink sink)
        where TSink : IExecutionSink, allows ref struct
    {
        Check(side, size, owner);
        if (!IsInAuction)
            return size - Match(id, side, side == Side.Bid ? MaxPrice : 1, size, owner, ref sink);
        CheckNew(id);
        Stand(id, side, BookSide.AtMarket, size, owner);
        return 0;
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

    /// <summary>
    /// Puts a limit order with a new price and size in an order's place: it loses its priority, and may trade, though not before an auction.
    /// </summary>
    /// <param name="id">The order; it keeps its id, side and owner.</param>
    /// <param name="price">The new limit in price ticks, 1 to <see cref="MaxPrice"/>.</param>
    /// <param name="size">The new size, 1 to <see cref="MaxSize"/>.</param>
    /// <param name="sink">Is told of its executions.</param>
    /// <returns><c>false</c> where it does not stand.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Price or size are out of range.</exception>
    public bool Replace<TSink>(long id, long price, long size, ref TSink sink)
        where TSink : IExecutionSink, allows ref struct
    {
        Check(price);
        CheckSize(size);
        var place = _index.Remove(id);
        if (place == OrderIndex.None)
            return false;
        var (side, owner) = (_orders[place].Side, _orders[place].Owner);
        Leave(place);
        var left = IsInAuction ? size : Match(id, side, price, size, owner, ref sink);
        if (left > 0)
            Stand(id, side, SideOf(side).At(price), left, owner);
        return true;
    }

    /// <summary>Lets orders gather for an auction from here on, without trading, on top of what stands; again while they do changes nothing.</summary>
    public void BeginAuction() => IsInAuction = true;

    /// <summary>
    /// What <see cref="Uncross"/> would come to now: the price of maximal volume, among several the one of minimal imbalance, among several the
    /// nearest to a reference price. O(levels that meet).
    /// </summary>
    /// <param name="reference">The reference price in price ticks, 1 to <see cref="MaxPrice"/>: the last trade's, or the previous close.</param>
    /// <exception cref="ArgumentOutOfRangeException">The reference price is out of range.</exception>
    public AuctionOutcome IndicativeAuction(long reference)
    {
        Check(reference);
        return AuctionCross.Find(_bids, _asks, _grid, reference);
    }

    /// <summary>
    /// Ends the auction: bids and offers are executed at its one price, orders at the market first, then by price and time; what is left of orders at
    /// the market is cancelled, the rest stands, and trading is continuous from here on.
    /// </summary>
    /// <param name="reference">The reference price in price ticks, 1 to <see cref="MaxPrice"/>.</param>
    /// <param name="sink">Is told of the executions, of which neither side is the aggressor, and of what is cancelled.</param>
    /// <returns>As <see cref="IndicativeAuction"/> foretold.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The reference price is out of range.</exception>
    /// <exception cref="InvalidOperationException">No auction has begun.</exception>
    public AuctionOutcome Uncross<TSink>(long reference, ref TSink sink)
        where TSink : IExecutionSink, allows ref struct
    {
        if (!IsInAuction)
            throw new InvalidOperationException($"There is nothing to uncross in continuous trading; {nameof(BeginAuction)} begins an auction.");
        var outcome = IndicativeAuction(reference);
        for (var (bid, ask) = (_bids.First, _asks.First); AuctionCross.Meets(_bids, bid, _asks, ask); (bid, ask) = (_bids.First, _asks.First))
        {
            var (buyer, seller) = (_bids[bid].Head, _asks[ask].Head);
            ref readonly var bought = ref _orders[buyer];
            ref readonly var sold = ref _orders[seller];
            var traded = Math.Min(bought.Size, sold.Size);
            sink.Executing(new Execution(bought.Id, sold.Id, Side.None, outcome.Price, traded, bought.Owner, sold.Owner, traded == bought.Size, traded == sold.Size));
            Fill(buyer, traded);
            Fill(seller, traded);
        }

        Expire(_bids, ref sink);
        Expire(_asks, ref sink);
        IsInAuction = false;
        return outcome;
    }

    /// <summary>Finds a standing order.</summary>
    public bool TryFind(long id, out StandingOrder order)
    {
        var place = _index.Find(id);
        order = place == OrderIndex.None ? default : View(place);
        return place != OrderIndex.None;
    }

    /// <summary>One side's levels with a price from the best to the worst. For inspection: the book must not change meanwhile.</summary>
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
        for (var at = levels.First; at != PriceTree.None; at = levels.Next(at))
        {
            for (var place = levels[at].Head; place != NoOrder; place = _orders[place].Next)
                yield return View(place);
        }
    }

    private static void Check(Side side, long size, Owner owner)
    {
        CheckSize(size);
        if (side is not (Side.Bid or Side.Ask))
            throw new ArgumentOutOfRangeException(nameof(side), side, "An order buys or sells.");
        ArgumentOutOfRangeException.ThrowIfNegative(owner.Id, nameof(owner));
    }

    private static void CheckSize(long size)
    {
        if (size is < 1 or > MaxSize)
            throw new ArgumentOutOfRangeException(nameof(size), size, $"A size is from 1 to {MaxSize}.");
    }

    private void Check(long price, [CallerArgumentExpression(nameof(price))] string? name = null)
    {
        if (price is < 1 or > MaxPrice)
            throw new ArgumentOutOfRangeException(name, price, $"A price is from 1 to {MaxPrice} price ticks.");
        if (!_grid.Contains(price))
            throw new ArgumentOutOfRangeException(name, price, $"The price is not on the grid; its neighbours there are {_grid.AtOrBelow(price)} and {_grid.AtOrAbove(price)}.");
    }

    private static PriceLevel Best(BookSide side) => side.Best == PriceTree.None ? default : View(side[side.Best]);

    private static PriceLevel View(in BookSide.Level level) => new(level.Price, level.Size, level.Count);

    private void CheckNew(long id)
    {
        if (_index.Find(id) != OrderIndex.None)
            throw new ArgumentException($"Order {id} stands already; a new order needs an id of its own.", nameof(id));
    }

    private void CheckContinuous()
    {
        if (IsInAuction)
            throw new InvalidOperationException("An order that trades at once or never has no place before an auction.");
    }

    private StandingOrder View(int place)
    {
        ref readonly var order = ref _orders[place];
        return new StandingOrder(order.Id, order.Side, SideOf(order.Side)[order.Level].Price, order.Size, order.Owner);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private BookSide SideOf(Side side) => side == Side.Bid ? _bids : _asks;

    private long Match<TSink>(long taker, Side side, long limit, long size, Owner owner, ref TSink sink)
        where TSink : IExecutionSink, allows ref struct
    {
        var others = side == Side.Bid ? _asks : _bids;
        var self = owner.Id == 0 ? Nobody : owner.Id;
        while (size > 0 && others.IsMet(limit))
        {
            ref var level = ref others[others.Best];
            var place = level.Head;
            ref var maker = ref _orders[place];
            if (maker.Owner.Id == self)
            {
                sink.Cancelling(View(place));
                Cancel(maker.Id);
                continue;
            }

            var traded = Math.Min(size, maker.Size);
            size -= traded;
            sink.Executing(new Execution(taker, maker.Id, side, level.Price, traded, owner, maker.Owner, size == 0, traded == maker.Size));
            Fill(place, traded);
        }

        return size;
    }

    private bool CanFill(Side side, long limit, long size, Owner owner)
    {
        var others = side == Side.Bid ? _asks : _bids;
        var self = owner.Id == 0 ? Nobody : owner.Id;
        var found = 0L;
        for (var at = others.Best; found < size && others.IsMet(at, limit); at = others.Next(at))
            found += others[at].Size;
        if (found < size || self == Nobody)
            return found >= size;

        // There is enough, but some of it may be the owner's.
        found = 0;
        for (var at = others.Best; found < size && others.IsMet(at, limit); at = others.Next(at))
        {
            for (var place = others[at].Head; found < size && place != NoOrder; place = _orders[place].Next)
                found += _orders[place].Owner.Id == self ? 0 : _orders[place].Size;
        }

        return found >= size;
    }

    private void Fill(int place, long traded)
    {
        ref var order = ref _orders[place];
        if (traded == order.Size)
        {
            _index.Remove(order.Id);
            Leave(place);
        }
        else
        {
            order.Size -= traded;
            SideOf(order.Side)[order.Level].Size -= traded;
        }
    }

    private void Expire<TSink>(BookSide levels, ref TSink sink)
        where TSink : IExecutionSink, allows ref struct
    {
        while (levels.First == BookSide.AtMarket)
        {
            var place = levels[BookSide.AtMarket].Head;
            sink.Cancelling(View(place));
            Cancel(_orders[place].Id);
        }
    }

    private void Stand(long id, Side side, int at, long size, Owner owner)
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

        ref var level = ref SideOf(side)[at];
        _orders[place] = new Order { Id = id, Size = size, Previous = level.Tail, Next = NoOrder, Level = at, Side = side, Owner = owner };
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
        public Owner Owner;
        public Side Side;
    }
}
