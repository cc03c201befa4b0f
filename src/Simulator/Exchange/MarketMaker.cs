using StockActors.Market;
using StockActors.Simulator.Scenarios;

namespace StockActors.Simulator.Exchange;

/// <summary>
/// A market maker: quotes levels on both sides about what it takes the value to be, wider when volatility is high, leans against what it holds, and
/// quotes no more on the side on which it would come past its limit.
/// </summary>
internal sealed class MarketMaker : Trader
{
    private const double LeastWidth = 0.5;

    private readonly MarketMakerMix _mix;
    private readonly Quote[] _bids;
    private readonly Quote[] _asks;

    public MarketMaker(int number, RandomStream random, MarketMakerMix mix)
        : base(number, AgentClass.MarketMaker, random, orders: 0)
    {
        _mix = mix;
        _bids = new Quote[mix.Levels];
        _asks = new Quote[mix.Levels];
    }

    public override void Act(MarketFloor floor)
    {
        if (floor.IsAbandoned)
        {
            Withdraw(floor, _bids);
            Withdraw(floor, _asks);
            return;
        }

        var held = Position / ((double)_mix.MaxPositionLots * floor.Lot);
        var half = Math.Max(floor.TickSize / 2.0, floor.Ticks(_mix.HalfSpreadBp) * Math.Max(LeastWidth, floor.Volatility));
        var gap = Math.Max(floor.TickSize, floor.Ticks(_mix.LevelGapBp) * Math.Max(LeastWidth, floor.Volatility));
        var fair = (floor.Value * _mix.Information) + (floor.Mid * (1 - _mix.Information)) - (held * _mix.Skew * half);

        // Each time one of the two sides first, or the book would drift to the other.
        if (Random.Below(2) == 0)
        {
            Refresh(floor, Side.Bid, _bids, fair - half, gap, isOpen: held < 1);
            Refresh(floor, Side.Ask, _asks, fair + half, gap, isOpen: held > -1);
        }
        else
        {
            Refresh(floor, Side.Ask, _asks, fair + half, gap, isOpen: held > -1);
            Refresh(floor, Side.Bid, _bids, fair - half, gap, isOpen: held < 1);
        }
    }

    public override void ActInCall(MarketFloor floor) => Act(floor);

    public override void Gone(long order)
    {
        foreach (var quotes in (ReadOnlySpan<Quote[]>)[_bids, _asks])
        {
            for (var i = 0; i < quotes.Length; i++)
            {
                if (quotes[i].Order == order)
                    quotes[i] = default;
            }
        }
    }

    private void Refresh(MarketFloor floor, Side side, Quote[] quotes, double best, double gap, bool isOpen)
    {
        if (!isOpen)
        {
            Withdraw(floor, quotes);
            return;
        }

        for (var i = 0; i < quotes.Length; i++)
        {
            var price = (long)(side == Side.Bid ? Math.Floor(best - (i * gap)) : Math.Ceiling(best + (i * gap)));
            if (!floor.IsCall)
                price = side == Side.Bid ? Math.Min(price, floor.Ask - 1) : Math.Max(price, floor.Bid + 1);
            price = floor.OnGrid(side, price);
            if (quotes[i].Order != 0 && Math.Abs(quotes[i].Price - price) <= gap / 2)
                continue;
            var size = (long)(i + 1) * _mix.Lots * floor.Lot;
            var order = quotes[i].Order == 0 ? 0 : floor.Replace(this, quotes[i].Order, price, size);
            if (order == 0)
                order = floor.Limit(this, side, price, size);
            quotes[i] = new Quote(order, price);
        }
    }

    private static void Withdraw(MarketFloor floor, Quote[] quotes)
    {
        for (var i = 0; i < quotes.Length; i++)
        {
            var order = quotes[i].Order;
            quotes[i] = default;
            if (order != 0)
                floor.Cancel(order);
        }
    }

    /// <summary>A standing order; 0 where there is none.</summary>
    private readonly record struct Quote(long Order, long Price);
}
