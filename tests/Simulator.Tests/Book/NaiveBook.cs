using StockActors.Market;
using StockActors.Simulator.Book;

namespace StockActors.Simulator.Tests.Book;

/// <summary>The oracle: orders in one list, sorted anew by price and arrival whenever it is asked; too simple to be wrong.</summary>
internal sealed class NaiveBook
{
    private readonly List<Resting> _orders = [];
    private long _arrivals;

    public List<Execution> Executions { get; } = [];

    public IEnumerable<StandingOrder> Orders(Side side) => Queue(side).Select(o => new StandingOrder(o.Id, o.Side, o.Price, o.Size, o.Agent));

    public bool Stands(long id) => _orders.Exists(o => o.Id == id);

    public void Limit(long id, Side side, long price, long size, AgentClass agent)
    {
        var left = Take(id, side, price, size);
        if (left > 0)
            _orders.Add(new Resting(id, side, price, agent, _arrivals++) { Size = left });
    }

    public long Take(long id, Side side, long? limit, long size)
    {
        foreach (var maker in Queue(side == Side.Bid ? Side.Ask : Side.Bid).ToList())
        {
            if (size == 0 || (side == Side.Bid ? maker.Price > limit : maker.Price < limit))
                break;
            var traded = Math.Min(size, maker.Size);
            size -= traded;
            maker.Size -= traded;
            Executions.Add(new Execution(id, maker.Id, side, maker.Price, traded, maker.Agent, maker.Size == 0));
            if (maker.Size == 0)
                _orders.Remove(maker);
        }

        return size;
    }

    public bool Cancel(long id) => _orders.RemoveAll(o => o.Id == id) > 0;

    public bool Reduce(long id, long by)
    {
        if (_orders.Find(o => o.Id == id) is not { } order)
            return false;
        order.Size -= by;
        if (order.Size <= 0)
            _orders.Remove(order);
        return true;
    }

    public bool Replace(long id, long price, long? size)
    {
        if (_orders.Find(o => o.Id == id) is not { } order)
            return false;
        _orders.Remove(order);
        Limit(id, order.Side, price, size ?? order.Size, order.Agent);
        return true;
    }

    private IEnumerable<Resting> Queue(Side side) =>
        _orders.Where(o => o.Side == side).OrderBy(o => side == Side.Bid ? -o.Price : o.Price).ThenBy(o => o.Arrival);

    private sealed record Resting(long Id, Side Side, long Price, AgentClass Agent, long Arrival)
    {
        public long Size { get; set; }
    }
}
