using StockActors.Market;

namespace StockActors.Simulator.Tests.Exchange;

/// <summary>
/// One symbol's book made of nothing but its orders' records, as any reader of the L3 feed makes one: lists by price, obviously right. It tells the quotes
/// and trades that follow, and throws where a record does not fit what stands.
/// </summary>
internal sealed class FeedBook
{
    private readonly Dictionary<long, Standing> _orders = [];
    private readonly SortedDictionary<long, List<long>> _bids = new(Comparer<long>.Create((a, b) => b.CompareTo(a)));
    private readonly SortedDictionary<long, List<long>> _asks = [];
    private readonly Dictionary<Side, List<long>> _atMarket = new() { [Side.Bid] = [], [Side.Ask] = [] };
    private BestBidOffer _quoted;
    private bool _isAuction;
    private long? _lastTrade;
    private long _next = 1;

    /// <summary>The quotes and trades so far: time, what was traded, and the best levels after a quote's change or before a trade.</summary>
    public List<(long Time, Trade? Trade, BestBidOffer Book)> Told { get; } = [];

    /// <summary>How many records of each action there were.</summary>
    public Dictionary<OrderAction, int> Seen { get; } = [];

    /// <summary>What a tick says that can follow from the orders: not its numbers, nor who was behind it.</summary>
    public static (long Time, Trade? Trade, BestBidOffer Book) Of(in Tick tick) => (
        tick.TsEvent, tick.Kind == TickKind.Trade ? tick.Trade with { Aggressor = AgentClass.Unknown, Resting = AgentClass.Unknown } : null, tick.Book);

    public void Apply(in Tick tick)
    {
        Require(tick, tick.Sequence == _next++, $"its sequence is not {_next - 1}");
        var order = tick.Order;
        Seen[order.Action] = Seen.GetValueOrDefault(order.Action) + 1;
        switch (order.Action)
        {
            case OrderAction.Clear:
                _orders.Clear();
                _bids.Clear();
                _asks.Clear();
                _atMarket[Side.Bid].Clear();
                _atMarket[Side.Ask].Clear();
                break;
            case OrderAction.Auction:
                _isAuction = true;
                break;
            case OrderAction.Open:
                (_isAuction, _quoted) = (false, default);
                break;
            case OrderAction.Add:
                Require(tick, order.Remaining == order.Size, "it remains with another size than it was added with");
                Stand(order);
                break;
            case OrderAction.Modify:
                Leave(tick);
                Stand(order);
                break;
            case OrderAction.Cancel:
                var cancelled = Leave(tick);
                Require(tick, cancelled == new Standing(order.Side, order.Price, order.Size) && order.Remaining == 0, $"what stands is {cancelled}");
                break;
            default:
                Execute(tick);
                break;
        }

        if (!order.IsLast)
            return;
        Require(tick, !_isAuction, "the book is seen before an auction");
        var best = Best();
        if (best != _quoted)
            Told.Add((tick.TsEvent, null, _quoted = best));
    }

    private void Execute(in Tick tick)
    {
        var order = tick.Order;
        var first = _atMarket[order.Side] is [var atMarket, ..] ? atMarket : Levels(order.Side).First().Value[0];
        Require(tick, first == order.OrderId, $"order {first} stands before it");
        var standing = _orders[order.OrderId];
        if (!_isAuction)
        {
            Require(tick, standing.Price == order.Price, $"it stands at {standing.Price}");
            Tell(tick, order.Side == Side.Bid ? Side.Ask : Side.Bid, Best());
        }
        else if (order.TradeId != _lastTrade)
        {
            Tell(tick, Side.None, default);
        }

        _lastTrade = order.TradeId;
        Require(tick, standing.Size - order.Size == order.Remaining && order.Remaining >= 0, $"{standing.Size} stood of it");
        if (order.Remaining > 0)
            _orders[order.OrderId] = standing with { Size = order.Remaining };
        else
            Leave(tick);
    }

    private void Tell(in Tick tick, Side aggressor, BestBidOffer before) => Told.Add(
        (tick.TsEvent, new Trade(tick.Order.Price!.Value, tick.Order.Size, aggressor, tick.Order.TradeId, AgentClass.Unknown, AgentClass.Unknown), before));

    private void Stand(in OrderEvent order)
    {
        _orders.Add(order.OrderId, new Standing(order.Side, order.Price, order.Remaining));
        if (order.Price is not { } price)
            _atMarket[order.Side].Add(order.OrderId);
        else if (Levels(order.Side).TryGetValue(price, out var level))
            level.Add(order.OrderId);
        else
            Levels(order.Side).Add(price, [order.OrderId]);
    }

    private Standing Leave(in Tick tick)
    {
        var id = tick.Order.OrderId;
        Require(tick, _orders.Remove(id, out var standing), "it does not stand");
        if (standing.Price is not { } price)
        {
            _atMarket[standing.Side].Remove(id);
            return standing;
        }

        var level = Levels(standing.Side)[price];
        level.Remove(id);
        if (level.Count == 0)
            Levels(standing.Side).Remove(price);
        return standing;
    }

    private BestBidOffer Best() => new(Best(_bids), Best(_asks));

    private BookLevel? Best(SortedDictionary<long, List<long>> levels)
    {
        foreach (var (price, level) in levels)
            return new BookLevel(price, level.Sum(id => _orders[id].Size), level.Count);
        return null;
    }

    private SortedDictionary<long, List<long>> Levels(Side side) => side == Side.Bid ? _bids : _asks;

    private static void Require(in Tick tick, bool holds, string why)
    {
        if (!holds)
            throw new InvalidOperationException($"{tick.Symbol}'s record {tick.Sequence}, {tick.Order}, does not fit: {why}.");
    }

    private readonly record struct Standing(Side Side, long? Price, long Size);
}
