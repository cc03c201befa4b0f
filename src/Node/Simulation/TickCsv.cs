using System.Globalization;
using StockActors.Market;
using StockActors.Market.Wire;

namespace StockActors.Node.Simulation;

/// <summary>Ticks of every kind but bars as lines of a CSV file, with the names of the lake's columns; what a kind has not is empty.</summary>
internal sealed class TickCsv
{
    private readonly TextWriter _to;

    public TickCsv(TextWriter to)
    {
        _to = to;
        to.Write("kind,symbol,ts_event,sequence,run_id,source,price,size,side,trade_id,aggressor,resting,");
        to.Write("bid_px,bid_sz,bid_ct,ask_px,ask_sz,ask_ct,action,reason,is_trading,limit_up,limit_down\n");
    }

    /// <summary>Adds a tick. No text in it has a comma, a quote or a line's end.</summary>
    public void Add(in Tick tick) => _to.Write(string.Create(
        CultureInfo.InvariantCulture,
        $"{TickNames.Of(tick.Kind)},{tick.Symbol},{tick.TsEvent},{tick.Sequence},{tick.RunId},{TickNames.Of(tick.Source)},{Own(tick)}\n"));

    private static string Own(in Tick tick)
    {
        if (tick.Kind == TickKind.Status)
        {
            var status = tick.Status;
            return string.Create(
                CultureInfo.InvariantCulture,
                $",,,,,,,,,,,,{TickNames.Of(status.Action)},{status.Reason},{(status.IsTrading is { } trading ? trading ? "true" : "false" : "")},{Figure(status.LimitUp)},{Figure(status.LimitDown)}");
        }

        var trade = tick.Trade;
        var own = tick.Kind == TickKind.Trade
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{Price.Format(trade.Price)},{trade.Size},{TickNames.Of(trade.Side)},{trade.TradeId},{TickNames.Of(trade.Aggressor)},{TickNames.Of(trade.Resting)}")
            : ",,,,,";
        return $"{own},{Level(tick.Book.Bid)},{Level(tick.Book.Ask)},,,,,";
    }

    private static string Level(BookLevel? level) => level is { } some
        ? string.Create(CultureInfo.InvariantCulture, $"{Price.Format(some.Price)},{some.Size},{some.Count}")
        : ",,";

    private static string Figure(long? price) => price is { } some ? Price.Format(some) : "";
}
