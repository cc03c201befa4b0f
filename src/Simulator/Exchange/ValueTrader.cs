using StockActors.Market;
using StockActors.Simulator.Scenarios;

namespace StockActors.Simulator.Exchange;

/// <summary>A trader who knows the fundamental value up to an error of the day: it takes what is mispriced, and quotes about the value else.</summary>
internal sealed class ValueTrader : Trader
{
    private const int MostOrders = 6;

    private readonly ValueMix _mix;
    private readonly double _believed;

    public ValueTrader(int number, RandomStream random, ValueMix mix)
        : base(number, AgentClass.Value, random, MostOrders)
    {
        _mix = mix;
        _believed = 1 + (Random.Normal() * mix.ErrorBp * 1e-4);
    }

    public override void Act(MarketFloor floor)
    {
        var fair = floor.Value * _believed;
        var threshold = Math.Max(floor.TickSize, floor.Ticks(_mix.ThresholdBp));
        if (floor.Ask <= fair - threshold)
            floor.ImmediateOrCancel(this, Side.Bid, (long)(fair - threshold), Size(floor, (fair - floor.Ask) / threshold));
        else if (floor.Bid >= fair + threshold)
            floor.ImmediateOrCancel(this, Side.Ask, (long)(fair + threshold) + 1, Size(floor, (floor.Bid - fair) / threshold));
        else if (Standing == MostOrders || (Standing > 0 && Random.Below(2) == 0))
            CancelOne(floor);
        else
            Quote(floor, fair, threshold);
    }

    protected override double FairInCall(MarketFloor floor) => floor.Value * _believed;

    private void Quote(MarketFloor floor, double fair, double threshold)
    {
        var side = Toss();
        var distance = threshold * (0.5 + Random.Uniform());
        var price = (long)(side == Side.Bid ? fair - distance : fair + distance + 1);
        Stand(floor, side, side == Side.Bid ? Math.Min(price, floor.Ask - 1) : Math.Max(price, floor.Bid + 1), (1 + Random.Below(_mix.Lots)) * floor.Lot);
    }

    private long Size(MarketFloor floor, double thresholds) => (long)Math.Clamp(_mix.Lots * thresholds, 1, _mix.MaxLots) * floor.Lot;
}
