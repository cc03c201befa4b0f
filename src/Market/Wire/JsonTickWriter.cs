using System.Buffers;

namespace StockActors.Market.Wire;

/// <summary>Writes a tick as one JSON object with the names of ticks.proto; what is absent is left out.</summary>
internal static class JsonTickWriter
{
    // Names and numbers of the largest object, beside its texts. An escaped character takes six bytes.
    private const int MaxFixedBytes = 768;
    private const int MaxBytesPerChar = 6;

    public static void Write(in Tick tick, IBufferWriter<byte> writer)
    {
        var chars = tick.Symbol.Length + (tick.RunId?.Length ?? 0) + TickEncoder.CharsOf(tick);
        var json = new JsonSpan(writer.GetSpan(MaxFixedBytes + (chars * MaxBytesPerChar)));
        json.Name("{\"kind\":"u8, TickNames.Of(tick.Kind));
        json.Text(",\"symbol\":"u8, tick.Symbol);
        json.Integer(",\"ts_event\":"u8, tick.TsEvent);
        json.Integer(",\"sequence\":"u8, tick.Sequence);
        if (tick.RunId is { Length: > 0 })
            json.Text(",\"run_id\":"u8, tick.RunId);
        json.Name(",\"source\":"u8, TickNames.Of(tick.Source));
        switch (tick.Kind)
        {
            case TickKind.Trade:
                Trade(ref json, tick.Trade);
                Book(ref json, tick.Book);
                break;
            case TickKind.Quote:
                Book(ref json, tick.Book);
                break;
            case TickKind.Status:
                Status(ref json, tick.Status);
                break;
            case TickKind.Order:
                Order(ref json, tick.Order);
                break;
            case TickKind.Truth:
                Truth(ref json, tick.Truth!);
                break;
            case TickKind.Run:
                Run(ref json, tick.Run!);
                break;
            default:
                Bar(ref json, tick.Bar!);
                break;
        }

        json.Raw("}"u8);
        writer.Advance(json.Written);
    }

    private static void Trade(ref JsonSpan json, in Trade trade)
    {
        json.Price(",\"price\":"u8, trade.Price);
        json.Integer(",\"size\":"u8, trade.Size);
        json.Name(",\"side\":"u8, TickNames.Of(trade.Side));
        json.Integer(",\"trade_id\":"u8, trade.TradeId);
        if (trade.Aggressor != AgentClass.Unknown)
            json.Name(",\"aggressor\":"u8, TickNames.Of(trade.Aggressor));
        if (trade.Resting != AgentClass.Unknown)
            json.Name(",\"resting\":"u8, TickNames.Of(trade.Resting));
    }

    private static void Book(ref JsonSpan json, in BestBidOffer book)
    {
        if (book.Bid is { } bid)
        {
            json.Price(",\"bid_px\":"u8, bid.Price);
            json.Integer(",\"bid_sz\":"u8, bid.Size);
            json.Integer(",\"bid_ct\":"u8, bid.Count);
        }

        if (book.Ask is { } ask)
        {
            json.Price(",\"ask_px\":"u8, ask.Price);
            json.Integer(",\"ask_sz\":"u8, ask.Size);
            json.Integer(",\"ask_ct\":"u8, ask.Count);
        }
    }

    private static void Status(ref JsonSpan json, in Status status)
    {
        json.Name(",\"action\":"u8, TickNames.Of(status.Action));
        if (status.Reason is { Length: > 0 } reason)
            json.Text(",\"reason\":"u8, reason);
        if (status.IsTrading is { } trading)
            json.Raw(trading ? ",\"is_trading\":true"u8 : ",\"is_trading\":false"u8);
        json.Price(",\"limit_up\":"u8, status.LimitUp);
        json.Price(",\"limit_down\":"u8, status.LimitDown);
    }

    private static void Order(ref JsonSpan json, in OrderEvent order)
    {
        json.Name(",\"event\":"u8, TickNames.Of(order.Action));
        if (order.Action < OrderAction.Clear)
        {
            json.Integer(",\"order_id\":"u8, order.OrderId);
            json.Name(",\"side\":"u8, TickNames.Of(order.Side));
            json.Price(",\"price\":"u8, order.Price);
            json.Integer(",\"size\":"u8, order.Size);
            json.Integer(",\"remaining\":"u8, order.Remaining);
            json.Integer(",\"trade_id\":"u8, order.TradeId);
        }

        if (order.IsLast)
            json.Raw(",\"is_last\":true"u8);
    }

    private static void Truth(ref JsonSpan json, Truth truth)
    {
        json.Name(",\"truth\":"u8, TickNames.Of(truth.Kind));
        json.Integer(",\"began\":"u8, truth.Began);
        json.Name(",\"side\":"u8, TickNames.Of(truth.Side));
        json.Price(",\"price\":"u8, truth.Price);
        json.Integer(",\"size\":"u8, truth.Size);
        json.Integer(",\"filled\":"u8, truth.Filled);
        json.Integer(",\"events\":"u8, truth.Events);
    }

    private static void Run(ref JsonSpan json, RunSetup run)
    {
        json.Integer(",\"seed\":"u8, run.Seed);
        json.Text(",\"scenario\":"u8, run.Scenario);
        json.Text(",\"configuration\":"u8, run.Configuration);
    }

    private static void Bar(ref JsonSpan json, Bar bar)
    {
        json.Price(",\"open\":"u8, bar.Open);
        json.Price(",\"high\":"u8, bar.High);
        json.Price(",\"low\":"u8, bar.Low);
        json.Price(",\"close\":"u8, bar.Close);
        json.Price(",\"adj_close\":"u8, bar.AdjClose);
        json.Integer(",\"volume\":"u8, bar.Volume);
        json.Price(",\"close_usd\":"u8, bar.CloseUsd);
        json.Text(",\"interval\":"u8, bar.Interval);
    }
}
