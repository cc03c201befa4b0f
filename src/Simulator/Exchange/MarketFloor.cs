using StockActors.Market;
using StockActors.Simulator.Book;

namespace StockActors.Simulator.Exchange;

/// <summary>Where the traders of one market meet on one day: what they can see, and what they can do. Everything is in price ticks.</summary>
internal sealed class MarketFloor(MarketSpec spec, MarketTape tape, long previousClose)
{
    private static readonly Owner Noise = new(0, AgentClass.Noise);

    private readonly OrderBook _book = new();
    private readonly List<NoiseTrader> _traders = [];
    private long _nextOrder;
    private PriceLevel _quotedBid;
    private PriceLevel _quotedAsk;

    /// <summary>The simulated time, in nanoseconds since 1970-01-01 UTC.</summary>
    public long Time { get; set; }

    /// <summary>The price around which the market stays in the long run.</summary>
    public long StartPrice { get; } = spec.StartPrice / spec.TickSize;

    /// <summary>The price of the last trade; before the first, the previous close.</summary>
    public long Last { get; private set; } = previousClose / spec.TickSize;

    /// <summary>What a trader takes for the price: the middle of the best bid and offer, or the last trade where a side is empty.</summary>
    public long Reference => _quotedBid.IsEmpty || _quotedAsk.IsEmpty ? Last : (_quotedBid.Price + _quotedAsk.Price) / 2;

    /// <summary>The best bid, or just below the last trade.</summary>
    public long Bid => _quotedBid.IsEmpty ? Last - 1 : _quotedBid.Price;

    /// <summary>The best offer, or just above the last trade.</summary>
    public long Ask => _quotedAsk.IsEmpty ? Last + 1 : _quotedAsk.Price;

    /// <summary>Lets a trader in, by number: the order of admission is part of the day, for it settles who acts first at one instant.</summary>
    public void Admit(NoiseTrader trader) => _traders.Add(trader);

    /// <summary>The trader who acts next.</summary>
    public NoiseTrader Next()
    {
        var next = _traders[0];
        foreach (var trader in _traders)
            next = trader.NextAction < next.NextAction ? trader : next;
        return next;
    }

    /// <summary>Every trader sets out its opening orders.</summary>
    public void Open()
    {
        foreach (var trader in _traders)
            trader.Open(this);
    }

    /// <summary>Every trader lets time pass without acting; the orders stay.</summary>
    public void Wait(long until)
    {
        foreach (var trader in _traders)
            trader.Wait(until);
    }

    /// <summary>A limit order.</summary>
    /// <returns>Its id where some of it stands now.</returns>
    public long? Limit(NoiseTrader trader, Side side, long price, long size)
    {
        // The owner can be told from the id, so that a fill finds its trader without a table.
        var order = (_nextOrder++ * _traders.Count) + trader.Number;
        var executions = new Executions(this);
        var executed = _book.Limit(order, side, price, size, Noise, ref executions);
        PublishQuote();
        return executed < size ? order : null;
    }

    public void ImmediateOrCancel(Side side, long price, long size)
    {
        var executions = new Executions(this);
        _book.ImmediateOrCancel(Taker, side, Math.Max(1, price), size, Noise, ref executions);
        PublishQuote();
    }

    public void Market(Side side, long size)
    {
        var executions = new Executions(this);
        _book.Market(Taker, side, size, Noise, ref executions);
        PublishQuote();
    }

    public void Cancel(long order)
    {
        _book.Cancel(order);
        PublishQuote();
    }

    // Orders that never stand need no id of their own.
    private const long Taker = -1;

    private void PublishQuote()
    {
        var (bid, ask) = (_book.BestBid, _book.BestAsk);
        if (bid == _quotedBid && ask == _quotedAsk)
            return;
        (_quotedBid, _quotedAsk) = (bid, ask);
        tape.Quote(Time, new BestBidOffer(Level(bid), Level(ask)));
    }

    private BookLevel? Level(PriceLevel level) =>
        level.IsEmpty ? null : new BookLevel(level.Price * spec.TickSize, level.Size, level.Count);

    private void Executed(in Execution execution)
    {
        Last = execution.Price;
        tape.Trade(Time, execution.Price * spec.TickSize, execution.Size, execution.TakerSide, execution.TakerOwner.Agent, execution.MakerOwner.Agent,
            new BestBidOffer(Level(_book.BestBid), Level(_book.BestAsk)));
        if (execution.MakerFilled)
            _traders[(int)(execution.Maker % _traders.Count)].Filled(execution.Maker);
    }

    private readonly struct Executions(MarketFloor floor) : IExecutionSink
    {
        public void Executing(in Execution execution) => floor.Executed(execution);

        public void Cancelling(in StandingOrder order)
        {
        }
    }
}
