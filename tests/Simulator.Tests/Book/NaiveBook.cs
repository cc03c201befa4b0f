using StockActors.Market;
using StockActors.Simulator.Book;

namespace StockActors.Simulator.Tests.Book;

/// <summary>The oracle: each side is one list in the order in which its orders would trade, searched from end to end; too simple to be wrong.</summary>
internal sealed class NaiveBook
{
    private readonly List<Resting> _bids = [];
    private readonly List<Resting> _asks = [];

    public List<BookEvent> Events { get; } = [];

    public bool InAuction { get; private set; }

    public IEnumerable<StandingOrder> Orders(Side side) => Queue(side).Select(View);

    public bool Stands(long id) => Find(id) is not null;

    public void Limit(long id, Side side, long price, long size, Owner owner)
    {
        if (!InAuction)
            size = Take(id, side, price, size, owner);
        if (size > 0)
            Stand(new Resting(id, side, price, owner) { Size = size });
    }

    public void MarketBeforeAuction(long id, Side side, long size, Owner owner) => Stand(new Resting(id, side, null, owner) { Size = size });

    public long Take(long id, Side side, long? limit, long size, Owner owner)
    {
        var others = Queue(Other(side));
        while (size > 0 && others.Count > 0 && Meets(side, limit, others[0]))
        {
            var maker = others[0];
            if (IsOwn(maker, owner))
            {
                Withdraw(maker);
                continue;
            }

            var traded = Math.Min(size, maker.Size);
            size -= traded;
            maker.Size -= traded;
            Tell(new Execution(id, maker.Id, side, maker.Price!.Value, traded, owner, maker.Owner, size == 0, maker.Size == 0));
            if (maker.Size == 0)
                others.Remove(maker);
        }

        return size;
    }

    public long TakeAllOrNothing(long id, Side side, long limit, long size, Owner owner)
    {
        var others = Queue(Other(side)).Where(maker => Meets(side, limit, maker) && !IsOwn(maker, owner)).Sum(maker => maker.Size);
        return others >= size ? Take(id, side, limit, size, owner) : size;
    }

    public bool Cancel(long id) => Find(id) is { } order && Queue(order.Side).Remove(order);

    public bool Reduce(long id, long by)
    {
        if (Find(id) is not { } order)
            return false;
        order.Size -= by;
        if (order.Size <= 0)
            Queue(order.Side).Remove(order);
        return true;
    }

    public bool Replace(long id, long price, long? size)
    {
        if (Find(id) is not { } order)
            return false;
        Queue(order.Side).Remove(order);
        Limit(id, order.Side, price, size ?? order.Size, order.Owner);
        return true;
    }

    public void BeginAuction() => InAuction = true;

    public AuctionOutcome IndicativeAuction(long reference)
    {
        // Bid and offered change at the limits of orders and nowhere else: so the best price is one of these, its neighbours or the reference.
        var limits = _bids.Concat(_asks).Select(o => o.Price).OfType<long>().Distinct().ToList();
        var best = limits.SelectMany(p => new[] { p - 1, p, p + 1 })
            .Append(reference)
            .Where(p => p is >= 1 and <= OrderBook.MaxPrice)
            .Select(p => (Price: p, Bid: _bids.Where(o => o.Price is null || o.Price >= p).Sum(o => o.Size), Offered: _asks.Where(o => o.Price is null || o.Price <= p).Sum(o => o.Size)))
            .OrderByDescending(a => Math.Min(a.Bid, a.Offered))
            .ThenBy(a => Math.Abs(a.Bid - a.Offered))
            .ThenBy(a => Math.Abs(a.Price - reference))
            .First();
        var volume = Math.Min(best.Bid, best.Offered);
        return volume == 0 ? default : new AuctionOutcome(best.Price, volume, best.Bid - best.Offered);
    }

    public AuctionOutcome Uncross(long reference)
    {
        var outcome = IndicativeAuction(reference);
        for (var left = outcome.Volume; left > 0;)
        {
            var (bid, ask) = (_bids[0], _asks[0]);
            var traded = Math.Min(bid.Size, ask.Size);
            left -= traded;
            bid.Size -= traded;
            ask.Size -= traded;
            Tell(new Execution(bid.Id, ask.Id, Side.None, outcome.Price, traded, bid.Owner, ask.Owner, bid.Size == 0, ask.Size == 0));
            _bids.RemoveAll(o => o.Size == 0);
            _asks.RemoveAll(o => o.Size == 0);
        }

        foreach (var order in _bids.Concat(_asks).Where(o => o.Price is null).ToList())
            Withdraw(order);
        InAuction = false;
        return outcome;
    }

    private static Side Other(Side side) => side == Side.Bid ? Side.Ask : Side.Bid;

    private static bool Meets(Side side, long? limit, Resting maker) => limit is null || (side == Side.Bid ? maker.Price <= limit : maker.Price >= limit);

    private static bool IsOwn(Resting maker, Owner owner) => owner.Id != 0 && maker.Owner.Id == owner.Id;

    private static StandingOrder View(Resting order) => new(order.Id, order.Side, order.Price ?? 0, order.Size, order.Owner);

    private List<Resting> Queue(Side side) => side == Side.Bid ? _bids : _asks;

    private Resting? Find(long id) => _bids.Find(o => o.Id == id) ?? _asks.Find(o => o.Id == id);

    private void Stand(Resting order)
    {
        var queue = Queue(order.Side);
        var before = queue.FindLastIndex(other => other.Price is null || (order.Price is { } price && (order.Side == Side.Bid ? other.Price >= price : other.Price <= price)));
        queue.Insert(before + 1, order);
    }

    private void Withdraw(Resting order)
    {
        Events.Add(new BookEvent(default, View(order)));
        Queue(order.Side).Remove(order);
    }

    private void Tell(Execution execution) => Events.Add(new BookEvent(execution, default));

    private sealed class Resting(long id, Side side, long? price, Owner owner)
    {
        public long Id => id;

        public Side Side => side;

        /// <summary><c>null</c> of an order at the market.</summary>
        public long? Price => price;

        public Owner Owner => owner;

        public long Size { get; set; }
    }
}
