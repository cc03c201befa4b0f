using StockActors.Market;
using StockActors.Simulator.Scenarios;

namespace StockActors.Simulator.Exchange;

/// <summary>A trader without information: it places orders near the touch, takes what stands there, or cancels one of its own.</summary>
internal sealed class NoiseTrader(int number, RandomStream random, NoiseMix mix) : Trader(number, AgentClass.Noise, random, MostOrders)
{
    private const int FewestOrders = 2;
    private const int MostOrders = 12;

    public override void Act(MarketFloor floor)
    {
        var roll = Random.Uniform();
        if (Standing == MostOrders || (roll < mix.Cancel && Standing > FewestOrders))
            CancelOne(floor);
        else if (roll > 1 - mix.Take)
            Take(floor, Toss());
        else
            Quote(floor, Toss());
    }

    private void Quote(MarketFloor floor, Side side)
    {
        // Some orders stand far away: they make the book deep.
        var mean = floor.Ticks(mix.DistanceBp) * (Random.Below(8) == 0 ? 8 : 1);
        var distance = 1 + Random.Whole(mean);
        Stand(floor, side, side == Side.Bid ? floor.Ask - distance : floor.Bid + distance, Size(floor));
    }

    private void Take(MarketFloor floor, Side side)
    {
        // Most take what stands at the touch; the others walk the book.
        if (Random.Below(8) != 0)
            TakeAtTouch(floor, side, Size(floor));
        else
            floor.Market(this, side, Size(floor));
    }

    private long Size(MarketFloor floor) => Math.Min(mix.MaxLots, (long)Random.Pareto(mix.SizeExponent)) * floor.Lot;
}
