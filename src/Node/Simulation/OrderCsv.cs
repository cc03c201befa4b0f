using System.Globalization;
using StockActors.Market;
using StockActors.Market.Wire;

namespace StockActors.Node.Simulation;

/// <summary>Orders' records as lines of a CSV file, with the names of the lake's columns; what one has not is empty.</summary>
internal sealed class OrderCsv
{
    private readonly TextWriter _to;

    public OrderCsv(TextWriter to)
    {
        _to = to;
        to.Write("symbol,ts_event,sequence,run_id,source,event,order_id,side,price,size,remaining,trade_id,is_last\n");
    }

    /// <summary>Adds a record. No text in it has a comma, a quote or a line's end.</summary>
    public void Add(in Tick tick)
    {
        var order = tick.Order;
        var own = order.Action >= OrderAction.Clear
            ? $",{TickNames.Of(order.Side)},,,,"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{order.OrderId},{TickNames.Of(order.Side)},{(order.Price is { } price ? Price.Format(price) : "")},{order.Size},{order.Remaining},{order.TradeId}");
        _to.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{tick.Symbol},{tick.TsEvent},{tick.Sequence},{tick.RunId},{TickNames.Of(tick.Source)},{TickNames.Of(order.Action)},{own},{(order.IsLast ? "true" : "false")}\n"));
    }
}
