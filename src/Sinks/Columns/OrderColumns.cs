using StockActors.Market;

namespace StockActors.Sinks.Columns;

/// <summary>Table <c>orders</c>; what is of the book as a whole has neither order nor size.</summary>
internal sealed class OrderColumns(RowTexts texts) : TableColumns(TickKind.Order, texts)
{
    private readonly TextColumn _event = new("event", TickTexts.OrderActions);
    private readonly ValueColumn<long> _orderId = new("order_id", ColumnType.Counter, nullable: true);
    private readonly TextColumn _side = new("side", TickTexts.Sides);
    private readonly ValueColumn<long> _price = new("price", ColumnType.Price, nullable: true);
    private readonly ValueColumn<long> _size = new("size", ColumnType.Size, nullable: true);
    private readonly ValueColumn<long> _remaining = new("remaining", ColumnType.Size, nullable: true);
    private readonly ValueColumn<long> _tradeId = new("trade_id", ColumnType.Counter, nullable: true);
    private readonly ValueColumn<bool> _isLast = new("is_last", ColumnType.Bool, nullable: false);

    protected override IEnumerable<Column> Own => [_event, _orderId, _side, _price, _size, _remaining, _tradeId, _isLast];

    protected override void AppendOwn(int row, in Tick tick)
    {
        var order = tick.Order;
        var isOfOne = order.Action < OrderAction.Clear;
        _event.Set(row, (int)order.Action);
        _orderId.Set(row, isOfOne ? order.OrderId : null);
        _side.Set(row, (int)order.Side);
        _price.Set(row, order.Price);
        _size.Set(row, isOfOne ? order.Size : null);
        _remaining.Set(row, isOfOne ? order.Remaining : null);
        _tradeId.Set(row, order.TradeId);
        _isLast.Set(row, order.IsLast);
    }
}
