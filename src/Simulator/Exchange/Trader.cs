using StockActors.Market;
using StockActors.Simulator.Book;

namespace StockActors.Simulator.Exchange;

/// <summary>Someone who trades one symbol on one day, by a random stream of its own.</summary>
internal abstract class Trader
{
    private const double CallDispersionBp = 15;

    private readonly long[] _orders;

    /// <param name="number">Its number among the symbol's traders, from 0.</param>
    /// <param name="agent">Its class.</param>
    /// <param name="random">Its stream, for the day.</param>
    /// <param name="orders">The most orders that it has standing.</param>
    protected Trader(int number, AgentClass agent, RandomStream random, int orders)
    {
        Owner = new Owner(number + 1, agent);
        Random = random;
        _orders = new long[orders];
    }

    /// <summary>Whose its orders are.</summary>
    public Owner Owner { get; }

    /// <summary>What it has bought less what it has sold this day.</summary>
    public long Position { get; private set; }

    /// <summary>How many orders it has standing.</summary>
    protected int Standing { get; private set; }

    /// <summary>How many it may.</summary>
    protected int MostStanding => _orders.Length;

    /// <summary>Its stream. A field, because it changes with every draw.</summary>
    protected RandomStream Random;

    /// <summary>Acts once in continuous trading.</summary>
    public abstract void Act(MarketFloor floor);

    /// <summary>Acts once while orders gather for an auction: an order about what it takes the price to be, on either side of it.</summary>
    public virtual void ActInCall(MarketFloor floor)
    {
        if (Standing == MostStanding)
        {
            CancelOne(floor);
            return;
        }

        var side = Toss();
        var fair = FairInCall(floor);
        var price = (long)(fair * (1 + ((Random.Uniform() - 0.5) * CallDispersionBp * 2e-4)));
        Stand(floor, side, price, (1 + Random.Geometric()) * floor.Lot);
    }

    /// <summary>What it takes the price of the next auction to be, in price ticks.</summary>
    protected virtual double FairInCall(MarketFloor floor) => floor.Mid;

    /// <summary>An order of its own has been executed in full, or taken away.</summary>
    public virtual void Gone(long order)
    {
        var at = Array.IndexOf(_orders, order, 0, Standing);
        if (at >= 0)
            _orders[at] = _orders[--Standing];
    }

    /// <summary>It has traded.</summary>
    /// <param name="floor">Where, at <see cref="MarketFloor.Last"/>.</param>
    /// <param name="size">What it bought, or negative what it sold.</param>
    public virtual void Traded(MarketFloor floor, long size) => Position += size;

    /// <summary>The day is over: what it has under way is over with it.</summary>
    public virtual void EndDay(MarketFloor floor)
    {
    }

    /// <summary>Time has passed in which nobody could act: what it was about to do it does not do.</summary>
    public void Forget()
    {
        // Its stream goes on by one, and so everything that it would have drawn becomes something else: where that was what the market failed by, a market
        // that is resumed would fail by it again, and never get past it.
        Random.Next();
    }

    /// <summary>A limit order that is kept.</summary>
    protected void Stand(MarketFloor floor, Side side, long price, long size)
    {
        if (floor.Limit(this, side, price, size) is var order and not 0)
            _orders[Standing++] = order;
    }

    /// <summary>Takes any one of its orders away.</summary>
    protected void CancelOne(MarketFloor floor)
    {
        if (Standing == 0)
            return;
        var at = Random.Below(Standing);
        var order = _orders[at];
        _orders[at] = _orders[--Standing];
        floor.Cancel(order);
    }

    /// <summary>Takes all of its orders away.</summary>
    protected void CancelAll(MarketFloor floor)
    {
        while (Standing > 0)
            floor.Cancel(_orders[--Standing]);
    }

    /// <summary>Takes what stands at the touch.</summary>
    protected void TakeAtTouch(MarketFloor floor, Side side, long size) => floor.ImmediateOrCancel(this, side, side == Side.Bid ? floor.Ask : floor.Bid, size);

    /// <summary>A fair coin.</summary>
    protected Side Toss() => Random.Below(2) == 0 ? Side.Bid : Side.Ask;
}
