using StockActors.Market;
using StockActors.Simulator.Book.Streams;

namespace StockActors.Bench;

/// <summary>The baseline: an order book of the framework's own collections, a sorted dictionary of prices and a linked list at each.</summary>
internal sealed class PlainBook
{
    private readonly SortedDictionary<long, LinkedList<Order>> _bids = new(Comparer<long>.Create((a, b) => b.CompareTo(a)));
    private readonly SortedDictionary<long, LinkedList<Order>> _asks = [];
    private readonly Dictionary<long, LinkedListNode<Order>> _orders = [];

    public int Trades { get; private set; }

    /// <summary>The orders that stand.</summary>
    public IReadOnlyCollection<long> Standing => _orders.Keys;

    public void Do(in BookOperation operation)
    {
        switch (operation.Kind)
        {
            case OperationKind.Limit:
                Limit(operation.Id, operation.Side, operation.Price, operation.Size);
                break;
            case OperationKind.ImmediateOrCancel:
                Match(operation.Side, operation.Price, operation.Size);
                break;
            case OperationKind.Cancel:
                Cancel(operation.Id);
                break;
            case OperationKind.Move when Cancel(operation.Id) is { } order:
                Limit(order.Id, order.Side, operation.Price, order.Size);
                break;
            case OperationKind.Reduce when _orders.TryGetValue(operation.Id, out var node):
                node.Value.Size -= operation.Size;
                if (node.Value.Size <= 0)
                    Cancel(operation.Id);
                break;
        }
    }

    private SortedDictionary<long, LinkedList<Order>> Of(Side side) => side == Side.Bid ? _bids : _asks;

    private void Limit(long id, Side side, long price, long size)
    {
        size = Match(side, price, size);
        if (size == 0)
            return;
        if (!Of(side).TryGetValue(price, out var level))
            Of(side).Add(price, level = []);
        _orders.Add(id, level.AddLast(new Order(id, side, price) { Size = size }));
    }

    private long Match(Side side, long limit, long size)
    {
        var others = Of(side == Side.Bid ? Side.Ask : Side.Bid);
        while (size > 0 && others.Count > 0)
        {
            var (price, level) = others.First();
            if (side == Side.Bid ? price > limit : price < limit)
                break;
            var maker = level.First!.Value;
            var traded = Math.Min(size, maker.Size);
            Trades++;
            size -= traded;
            maker.Size -= traded;
            if (maker.Size == 0)
                Cancel(maker.Id);
        }

        return size;
    }

    private Order? Cancel(long id)
    {
        if (!_orders.Remove(id, out var node))
            return null;
        var level = node.List!;
        level.Remove(node);
        if (level.Count == 0)
            Of(node.Value.Side).Remove(node.Value.Price);
        return node.Value;
    }

    private sealed class Order(long id, Side side, long price)
    {
        public long Id => id;

        public Side Side => side;

        public long Price => price;

        public long Size { get; set; }
    }
}
