using StockActors.Market;

namespace StockActors.Sinks.Columns;

/// <summary>Table <c>trades</c>; bid and ask are the best levels before the trade.</summary>
internal sealed class TradeColumns(RowTexts texts) : TableColumns(TickKind.Trade, texts)
{
    private readonly ValueColumn<long> _price = new("price", ColumnType.Price, nullable: false);
    private readonly ValueColumn<long> _size = new("size", ColumnType.Size, nullable: false);
    private readonly TextColumn _side = new("side", TickTexts.Sides);
    private readonly ValueColumn<long> _tradeId = new("trade_id", ColumnType.Counter, nullable: true);
    private readonly TextColumn _aggressor = new("aggressor", TickTexts.Agents);
    private readonly TextColumn _resting = new("resting", TickTexts.Agents);
    private readonly LevelColumns _bid = new("bid");
    private readonly LevelColumns _ask = new("ask");

    protected override IEnumerable<Column> Own => [_price, _size, _side, _tradeId, _aggressor, _resting, .. _bid.All, .. _ask.All];

    protected override void AppendOwn(int row, in Tick tick)
    {
        var trade = tick.Trade;
        _price.Set(row, trade.Price);
        _size.Set(row, trade.Size);
        _side.Set(row, (int)trade.Side);
        _tradeId.Set(row, trade.TradeId);
        _aggressor.Set(row, (int)trade.Aggressor);
        _resting.Set(row, (int)trade.Resting);
        _bid.Set(row, tick.Book.Bid);
        _ask.Set(row, tick.Book.Ask);
    }
}
