using StockActors.Market;
using StockActors.Simulator.Scenarios;

namespace StockActors.Simulator.Exchange;

/// <summary>An institution: works off one metaorder after the other in children of one sign, and is idle between them.</summary>
internal sealed class Institution : Trader
{
    private readonly InstitutionMix _mix;
    private long _idle;
    private long _left;
    private Side _side;
    private long _began;
    private long _size;
    private int _children;
    private Fills _fills;

    public Institution(int number, RandomStream random, InstitutionMix mix)
        : base(number, AgentClass.Institution, random, orders: 1)
    {
        _mix = mix;
        _idle = Random.Whole(mix.IdleActions);
    }

    public override void Act(MarketFloor floor)
    {
        if (_left <= 0)
        {
            if (_idle-- > 0)
                return;
            Begin(floor);
        }

        _children++;

        // A child that waited at the touch and was not met takes.
        var size = Math.Min(_left, (long)_mix.ChildLots * floor.Lot);
        var waited = Standing > 0;
        CancelAll(floor);
        if (waited || Random.Chance(_mix.Take))
            TakeAtTouch(floor, _side, size);
        else
            Stand(floor, _side, _side == Side.Bid ? floor.Bid : floor.Ask, size);
        if (_left <= 0)
            End(floor);
    }

    public override void ActInCall(MarketFloor floor)
    {
        if (_left <= 0)
            base.ActInCall(floor);
    }

    public override void Traded(MarketFloor floor, long size)
    {
        base.Traded(floor, size);
        if (_left <= 0)
            return;
        _left -= Math.Abs(size);
        _fills.Add(Math.Abs(size), floor.Last);
        if (_left <= 0)
            Tell(floor);
    }

    public override void EndDay(MarketFloor floor)
    {
        if (_left > 0)
            Tell(floor);
    }

    private void Begin(MarketFloor floor)
    {
        CancelAll(floor);
        var children = Math.Min(_mix.MaxChildren, (long)(_mix.MinChildren * Random.Pareto(_mix.ChildrenExponent)));
        _left = children * _mix.ChildLots * floor.Lot;
        _side = Toss();
        (_began, _size, _children, _fills) = (floor.Time, _left, 0, default);
    }

    private void Tell(MarketFloor floor) => floor.Tell(TruthKind.Metaorder, _began, _side, _size, _fills, _children);

    private void End(MarketFloor floor)
    {
        CancelAll(floor);
        _idle = Random.Whole(_mix.IdleActions);
    }
}
