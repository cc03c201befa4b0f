using StockActors.Market;

namespace StockActors.Simulator.Exchange;

/// <summary>Writes down what happens in one market: numbers the ticks and the trades, and carries the day's checksum.</summary>
internal sealed class MarketTape(string runId, MarketPosition start)
{
    private long _nextSequence = start.NextSequence;
    private long _nextTradeId = start.NextTradeId;
    private ulong _checksum = start.Checksum;

    /// <summary>Where the ticks go.</summary>
    public TickBuffer? Output { get; set; }

    /// <summary>Takes the truth; <c>null</c> where nobody asks.</summary>
    public Action<Truth>? Truth { get; set; }

    /// <summary>The run.</summary>
    public string RunId => runId;

    /// <summary>Where the tape stands.</summary>
    public MarketPosition Position => start with { NextSequence = _nextSequence, NextTradeId = _nextTradeId, Checksum = _checksum };

    /// <summary>Whether nothing is published: trades are numbered all the same, so that their absence can be told.</summary>
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

    private void Write(Tick tick)
    {
        if (IsSilent)
        {
            Hidden++;
            return;
        }

        tick.Source = TickSource.Sim;
        tick.Symbol = start.Symbol;
        tick.RunId = runId;
        tick.Sequence = _nextSequence++;
        _checksum = TickChecksum.Add(_checksum, tick);
        Output!.Add(tick);
    }
}
