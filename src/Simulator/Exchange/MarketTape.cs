using StockActors.Market;

namespace StockActors.Simulator.Exchange;

/// <summary>Writes down what happens in one market: numbers the ticks, the trades and the records beside them, and carries the day's checksum, which is of the ticks.</summary>
internal sealed class MarketTape(string runId, MarketPosition start)
{
    private const int None = -1;

    private long _nextSequence = start.NextSequence;
    private long _nextTradeId = start.NextTradeId;
    private ulong _checksum = start.Checksum;
    private long _nextOrder = start.NextOrder;
    private long _nextTruth = start.NextTruth;

    /// <summary>Where in the output the newest record of an order is that nobody has seen the book after.</summary>
    private int _unseen = None;

    /// <summary>Where the ticks go.</summary>
    public TickBuffer? Output
    {
        get;
        set => (field, _unseen) = (value, None);
    }

    /// <summary>Whether orders' records are written; where they are not, nothing is to be worked out for them.</summary>
    public bool TellsOrders => _nextOrder > 0;

    /// <summary>Whether the truth is written.</summary>
    public bool TellsTruth => _nextTruth > 0;

    /// <summary>Whether nothing is written of the truth yet, in all of the run.</summary>
    public bool BeginsTruth => _nextTruth == 1;

    /// <summary>Where the tape stands.</summary>
    public MarketPosition Position => start with
    {
        NextSequence = _nextSequence,
        NextTradeId = _nextTradeId,
        Checksum = _checksum,
        NextOrder = _nextOrder,
        NextTruth = _nextTruth,
    };

    /// <summary>Whether no tick is published: trades are numbered all the same, so that their absence can be told, and orders and the truth are told.</summary>
    public bool IsSilent { get; set; }

    /// <summary>How many ticks were not.</summary>
    public long Hidden { get; private set; }

    public void Status(long time, StatusAction action, string reason, bool isTrading, long? limitUp = null, long? limitDown = null) => Write(new Tick
    {
        Kind = TickKind.Status,
        TsEvent = time,
        Status = new Status(action, reason, isTrading, limitUp, limitDown),
    });

    public void Quote(long time, BestBidOffer book) => Write(new Tick { Kind = TickKind.Quote, TsEvent = time, Book = book });

    public void Trade(long time, long price, long size, Side side, AgentClass aggressor, AgentClass resting, BestBidOffer before) =>
        Write(new Tick
        {
            Kind = TickKind.Trade,
            TsEvent = time,
            Trade = new Trade(price, size, side, _nextTradeId++, aggressor, resting),
            Book = before,
        });

    /// <summary>A change of an order that stands, or of the book as a whole.</summary>
    public void Order(long time, OrderAction action, Side side = Side.None, long order = 0, long? price = null, long size = 0, long remaining = 0)
    {
        if (!TellsOrders)
            return;
        _unseen = Output!.Count;
        Beside(_nextOrder++, new Tick
        {
            Kind = TickKind.Order,
            TsEvent = time,
            Order = new OrderEvent(action, side, IsLast: false, order, price, size, remaining, action == OrderAction.Execute ? _nextTradeId - 1 : null),
        });
    }

    /// <summary>What was really so, and is over at a time.</summary>
    public void Truth(long time, Truth truth) => Beside(_nextTruth++, new Tick { Kind = TickKind.Truth, TsEvent = time, Truth = truth });

    /// <summary>What the market is simulated by.</summary>
    public void Run(long time, RunSetup run) => Beside(_nextTruth++, new Tick { Kind = TickKind.Run, TsEvent = time, Run = run });

    /// <summary>Best bid and offer are looked at: a quote follows if they have changed.</summary>
    public void See()
    {
        if (_unseen == None)
            return;
        Output!.MarkLast(_unseen);
        _unseen = None;
    }

    private void Write(Tick tick)
    {
        if (IsSilent)
        {
            Hidden++;
            return;
        }

        Sign(ref tick, _nextSequence++);
        _checksum = TickChecksum.Add(_checksum, tick);
        Output!.Add(tick);
    }

    private void Beside(long sequence, Tick tick)
    {
        Sign(ref tick, sequence);
        Output!.Add(tick);
    }

    private void Sign(ref Tick tick, long sequence)
    {
        tick.Source = TickSource.Sim;
        tick.Symbol = start.Symbol;
        tick.RunId = runId;
        tick.Sequence = sequence;
    }
}
