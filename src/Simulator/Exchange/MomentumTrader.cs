using StockActors.Market;
using StockActors.Simulator.Scenarios;

namespace StockActors.Simulator.Exchange;

/// <summary>A trader who buys while a fast average of the price is above a slow one, sells while it is below, and gives back what it holds else.</summary>
internal sealed class MomentumTrader : Trader
{
    private const double SlowerBy = 5;

    private readonly MomentumMix _mix;
    private readonly double _rate;
    private double _fast;
    private double _slow;
    private long _seen;

    public MomentumTrader(int number, RandomStream random, MomentumMix mix)
        : base(number, AgentClass.Momentum, random, orders: 2)
    {
        _mix = mix;
        _rate = 1 / (mix.HorizonSeconds * (1 + (3 * Random.Uniform())) * UnixNanos.PerSecond);
    }

    public override void Act(MarketFloor floor)
    {
        var passed = (floor.Time - _seen) * _rate;
        if (_seen == 0)
            _fast = _slow = floor.Mid;
        _fast = floor.Mid + ((_fast - floor.Mid) * PortableMath.Exp(-passed));
        _slow = floor.Mid + ((_slow - floor.Mid) * PortableMath.Exp(-passed / SlowerBy));
        _seen = floor.Time;

        var (trend, threshold) = (_fast - _slow, floor.Ticks(_mix.ThresholdBp));
        var most = (long)_mix.MaxPositionLots * floor.Lot;
        var size = (long)_mix.Lots * floor.Lot;
        if (trend > threshold && Position < most)
            TakeAtTouch(floor, Side.Bid, size);
        else if (trend < -threshold && Position > -most)
            TakeAtTouch(floor, Side.Ask, size);
        else if (Position > 0 && trend < threshold / 2)
            TakeAtTouch(floor, Side.Ask, Math.Min(size, Position));
        else if (Position < 0 && trend > -threshold / 2)
            TakeAtTouch(floor, Side.Bid, Math.Min(size, -Position));
    }
}
