using Google.Protobuf;
using V1 = StockActors.Ticks.V1;

namespace StockActors.Market.Tests;

/// <summary>Between our ticks and the classes that protoc generates from ticks.proto: the oracle of the hand-written reader and writer.</summary>
internal static class GeneratedTicks
{
    public static V1.Tick From(Tick tick)
    {
        var generated = new V1.Tick
        {
            Source = tick.Source switch
            {
                TickSource.Sim => V1.Source.Sim,
                TickSource.Replay => V1.Source.Replay,
                TickSource.ReplaySynth => V1.Source.ReplaySynth,
                _ => V1.Source.External,
            },
            Symbol = tick.Symbol,
            TsEvent = tick.TsEvent,
            RunId = tick.RunId,
        };
        if (tick.Sequence is { } sequence)
            generated.Sequence = sequence;
        switch (tick.Kind)
        {
            case TickKind.Trade:
                generated.Trade = From(tick.Trade, tick.Book);
                break;
            case TickKind.Quote:
                generated.Quote = From(tick.Book);
                break;
            case TickKind.Status:
                generated.Status = From(tick.Status);
                break;
            case TickKind.Order:
                generated.Order = From(tick.Order);
                break;
            case TickKind.Truth:
                generated.Truth = From(tick.Truth!);
                break;
            case TickKind.Run:
                generated.Run = new V1.Run { Seed = tick.Run!.Seed, Scenario = tick.Run.Scenario, Configuration = tick.Run.Configuration };
                break;
            default:
                generated.Bar = From(tick.Bar!);
                break;
        }

        return generated;
    }

    public static Tick ToTick(V1.Tick generated)
    {
        var tick = new Tick
        {
            Source = generated.Source switch
            {
                V1.Source.Sim => TickSource.Sim,
                V1.Source.Replay => TickSource.Replay,
                V1.Source.ReplaySynth => TickSource.ReplaySynth,
                _ => TickSource.External,
            },
            Symbol = generated.Symbol,
            TsEvent = generated.TsEvent,
            RunId = generated.RunId,
            Sequence = generated.HasSequence ? generated.Sequence : null,
        };
        switch (generated.BodyCase)
        {
            case V1.Tick.BodyOneofCase.Trade:
                var t = generated.Trade;
                tick.Kind = TickKind.Trade;
                tick.Trade = new Trade(t.Price, t.Size, (Side)t.Side, t.HasTradeId ? t.TradeId : null, (AgentClass)t.Aggressor, (AgentClass)t.Resting);
                tick.Book = new BestBidOffer(t.HasBidPx ? new BookLevel(t.BidPx, t.BidSz, t.HasBidCt ? t.BidCt : null) : null,
                    t.HasAskPx ? new BookLevel(t.AskPx, t.AskSz, t.HasAskCt ? t.AskCt : null) : null);
                break;
            case V1.Tick.BodyOneofCase.Quote:
                var q = generated.Quote;
                tick.Kind = TickKind.Quote;
                tick.Book = new BestBidOffer(q.HasBidPx ? new BookLevel(q.BidPx, q.BidSz, q.HasBidCt ? q.BidCt : null) : null,
                    q.HasAskPx ? new BookLevel(q.AskPx, q.AskSz, q.HasAskCt ? q.AskCt : null) : null);
                break;
            case V1.Tick.BodyOneofCase.Status:
                var s = generated.Status;
                tick.Kind = TickKind.Status;
                tick.Status = new Status((StatusAction)(s.Action - 1), s.Reason.Length == 0 ? null : s.Reason, s.HasIsTrading ? s.IsTrading : null,
                    s.HasLimitUp ? s.LimitUp : null, s.HasLimitDown ? s.LimitDown : null);
                break;
            case V1.Tick.BodyOneofCase.Order:
                var o = generated.Order;
                tick.Kind = TickKind.Order;
                tick.Order = o.Event >= V1.OrderEvent.Clear
                    ? new OrderEvent((OrderAction)(o.Event - 1), Side.None, o.IsLast, 0, null, 0, 0, null)
                    : new OrderEvent((OrderAction)(o.Event - 1), (Side)o.Side, o.IsLast, o.OrderId, o.HasPrice ? o.Price : null, o.Size, o.Remaining,
                    o.HasTradeId ? o.TradeId : null);
                break;
            case V1.Tick.BodyOneofCase.Truth:
                var f = generated.Truth;
                tick.Kind = TickKind.Truth;
                tick.Truth = new Truth((TruthKind)(f.Truth_ - 1), f.Began, (Side)f.Side, f.HasPrice ? f.Price : null, f.HasSize ? f.Size : null, f.HasFilled ? f.Filled : null,
                    f.HasEvents ? f.Events : null);
                break;
            case V1.Tick.BodyOneofCase.Run:
                var r = generated.Run;
                tick.Kind = TickKind.Run;
                tick.Run = new RunSetup(r.Seed, r.Scenario, r.Configuration);
                break;
            case V1.Tick.BodyOneofCase.Bar:
                var b = generated.Bar;
                tick.Kind = TickKind.Bar;
                tick.Bar = new Bar(b.Open, b.High, b.Low, b.Close, b.HasAdjClose ? b.AdjClose : null, b.HasVolume ? b.Volume : null,
                    b.HasCloseUsd ? b.CloseUsd : null, b.Interval);
                break;
        }

        return tick;
    }

    public static V1.Tick Parse(byte[] value) => V1.Tick.Parser.WithDiscardUnknownFields(true).ParseFrom(value);

    public static bool TryParse(byte[] value, out V1.Tick generated)
    {
        try
        {
            generated = Parse(value);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            generated = new V1.Tick();
            return false;
        }
    }

    private static V1.Trade From(Trade trade, BestBidOffer book)
    {
        var generated = new V1.Trade
        {
            Price = trade.Price,
            Size = trade.Size,
            Side = (V1.Side)trade.Side,
            Aggressor = (V1.AgentClass)trade.Aggressor,
            Resting = (V1.AgentClass)trade.Resting,
        };
        if (trade.TradeId is { } id)
            generated.TradeId = id;
        if (book.Bid is { } bid)
        {
            (generated.BidPx, generated.BidSz) = (bid.Price, bid.Size);
            if (bid.Count is { } count)
                generated.BidCt = count;
        }

        if (book.Ask is { } ask)
        {
            (generated.AskPx, generated.AskSz) = (ask.Price, ask.Size);
            if (ask.Count is { } count)
                generated.AskCt = count;
        }

        return generated;
    }

    private static V1.Quote From(BestBidOffer book)
    {
        var generated = new V1.Quote();
        if (book.Bid is { } bid)
        {
            (generated.BidPx, generated.BidSz) = (bid.Price, bid.Size);
            if (bid.Count is { } count)
                generated.BidCt = count;
        }

        if (book.Ask is { } ask)
        {
            (generated.AskPx, generated.AskSz) = (ask.Price, ask.Size);
            if (ask.Count is { } count)
                generated.AskCt = count;
        }

        return generated;
    }

    private static V1.Status From(Status status)
    {
        var generated = new V1.Status { Action = (V1.StatusAction)(status.Action + 1), Reason = status.Reason ?? "" };
        if (status.IsTrading is { } trading)
            generated.IsTrading = trading;
        if (status.LimitUp is { } up)
            generated.LimitUp = up;
        if (status.LimitDown is { } down)
            generated.LimitDown = down;
        return generated;
    }

    private static V1.Order From(OrderEvent order)
    {
        var generated = new V1.Order
        {
            Event = (V1.OrderEvent)(order.Action + 1),
            OrderId = order.OrderId,
            Side = (V1.Side)order.Side,
            Size = order.Size,
            Remaining = order.Remaining,
            IsLast = order.IsLast,
        };
        if (order.Price is { } price)
            generated.Price = price;
        if (order.TradeId is { } id)
            generated.TradeId = id;
        return generated;
    }

    private static V1.Truth From(Truth truth)
    {
        var generated = new V1.Truth { Truth_ = (V1.TruthKind)(truth.Kind + 1), Began = truth.Began, Side = (V1.Side)truth.Side };
        if (truth.Price is { } price)
            generated.Price = price;
        if (truth.Size is { } size)
            generated.Size = size;
        if (truth.Filled is { } filled)
            generated.Filled = filled;
        if (truth.Events is { } events)
            generated.Events = events;
        return generated;
    }

    private static V1.Bar From(Bar bar)
    {
        var generated = new V1.Bar { Open = bar.Open, High = bar.High, Low = bar.Low, Close = bar.Close, Interval = bar.Interval };
        if (bar.AdjClose is { } adjusted)
            generated.AdjClose = adjusted;
        if (bar.Volume is { } volume)
            generated.Volume = volume;
        if (bar.CloseUsd is { } usd)
            generated.CloseUsd = usd;
        return generated;
    }
}
