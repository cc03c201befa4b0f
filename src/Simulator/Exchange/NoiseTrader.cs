using StockActors.Market;

namespace StockActors.Simulator.Exchange;

/// <summary>
/// A trader without information: at exponential intervals it places an order near the touch, takes what stands there, or cancels one of
/// its own. It keeps a floor of standing orders, so that both sides stay populated, and a cap.
/// </summary>
internal sealed class NoiseTrader
{
    private const int FewestOrders = 4;
    private const int MostOrders = 10;
    private const int PercentCancel = 32;
    private const int PercentTake = 22;

    private readonly long[] _orders = new long[MostOrders];
    private readonly long _meanGap;
    private readonly int _lot;
    private int _standing;
    private RandomStream _random;

    /// <param name="number">Its number among the market's traders, from 0.</param>
    /// <param name="random">Its stream, for the day.</param>
    /// <param name="open">When the day opens.</param>
    /// <param name="meanGap">The mean time between two of its actions, in nanoseconds.</param>
    /// <param name="lot">The unit of its sizes.</param>
    public NoiseTrader(int number, RandomStream random, long open, long meanGap, int lot)
    {
        Number = number;
        _random = random;
        _meanGap = meanGap;
        _lot = lot;
        NextAction = open + _random.Exponential(meanGap);
    }

    /// <summary>Its number among the market's traders, from 0.</summary>
    public int Number { get; }

    /// <summary>When it acts next, in nanoseconds since 1970-01-01 UTC.</summary>
    public long NextAction { get; private set; }

    /// <summary>What it does at the open, before anyone acts: a ladder on both sides of the previous close.</summary>
    public void Open(MarketFloor floor)
    {
        for (var i = 0; i < FewestOrders; i++)
        {
            var side = i % 2 == 0 ? Side.Bid : Side.Ask;
            var distance = Distance(floor);
            Place(floor, side, floor.Reference + (side == Side.Bid ? -distance : distance));
        }
    }

    /// <summary>Acts once, and decides when to act next.</summary>
    public void Act(MarketFloor floor)
    {
        var roll = _random.Below(100);
        if (_standing == MostOrders || (roll < PercentCancel && _standing > FewestOrders))
            Cancel(floor);
        else if (roll >= 100 - PercentTake)
            Take(floor, ChooseSide(floor));
        else
            Quote(floor, ChooseSide(floor));
        NextAction += _random.Exponential(_meanGap);
    }

    /// <summary>Time passes in which nobody may act: what it would have done until then it does not do.</summary>
    public void Wait(long until)
    {
        while (NextAction < until)
            NextAction += _random.Exponential(_meanGap);
    }

    /// <summary>One of its orders was filled.</summary>
    public void Filled(long order)
    {
        var at = Array.IndexOf(_orders, order, 0, _standing);
        _orders[at] = _orders[--_standing];
    }

    private Side ChooseSide(MarketFloor floor)
    {
        // Without a pull a price that only noise moves walks to nothing over the months: 1 % off the start turns 52 in 100 orders back.
        var pull = Math.Clamp((floor.StartPrice - floor.Reference) * 2048 / floor.StartPrice, -128, 128);
        return _random.Below(1024) < 512 + pull ? Side.Bid : Side.Ask;
    }

    private void Quote(MarketFloor floor, Side side)
    {
        var distance = Distance(floor);
        if (_random.Below(8) == 0)
            distance *= 8;
        Place(floor, side, side == Side.Bid ? floor.Ask - distance : floor.Bid + distance);
    }

    private int Distance(MarketFloor floor)
    {
        // In steps of about 2.5 basis points, or a dear symbol would hardly move: its price tick is as small as a cheap one's.
        var step = (int)Math.Clamp(floor.Reference / 4_000, 1, 1_000_000);
        return 1 + (_random.Geometric() * step) + _random.Below(step);
    }

    private void Place(MarketFloor floor, Side side, long price)
    {
        var size = (1 + _random.Below(5)) * (long)_lot;
        if (floor.Limit(this, side, Math.Max(1, price), size) is { } order)
            _orders[_standing++] = order;
    }

    private void Take(MarketFloor floor, Side side)
    {
        var size = (1 + _random.Below(8)) * (long)_lot;
        if (_random.Below(2) == 0)
            floor.Market(side, size);
        else
            floor.ImmediateOrCancel(side, side == Side.Bid ? floor.Ask : floor.Bid, size);
    }

    private void Cancel(MarketFloor floor)
    {
        var at = _random.Below(_standing);
        floor.Cancel(_orders[at]);
        _orders[at] = _orders[--_standing];
    }
}
