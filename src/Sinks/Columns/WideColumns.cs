using StockActors.Market;
using StockActors.Market.Wire;

namespace StockActors.Sinks.Columns;

/// <summary>Ticks of every kind but bars in one table: what a kind has not is null. The columns are those of the lake's tables.</summary>
internal sealed class WideColumns(RowTexts texts) : TableColumns(TickKind.Trade, texts)
{
    private readonly TextColumn _kind = new("kind", new TextTable(), nullable: false);
    private readonly ValueColumn<long> _price = new("price", ColumnType.Price, nullable: true);
    private readonly ValueColumn<long> _size = new("size", ColumnType.Size, nullable: true);
    private readonly TextColumn _side = new("side", new TextTable(), nullable: true);
    private readonly ValueColumn<long> _tradeId = new("trade_id", ColumnType.Counter, nullable: true);
    private readonly TextColumn _aggressor = new("aggressor", new TextTable(), nullable: true);
    private readonly TextColumn _resting = new("resting", new TextTable(), nullable: true);
    private readonly LevelColumns _bid = new("bid");
    private readonly LevelColumns _ask = new("ask");
    private readonly TextColumn _action = new("action", new TextTable(), nullable: true);
    private readonly TextColumn _reason = new("reason", texts.Reasons, nullable: true);
    private readonly ValueColumn<bool> _isTrading = new("is_trading", ColumnType.Bool, nullable: true);
    private readonly ValueColumn<long> _limitUp = new("limit_up", ColumnType.Price, nullable: true);
    private readonly ValueColumn<long> _limitDown = new("limit_down", ColumnType.Price, nullable: true);

    protected override IEnumerable<Column> Own =>
        [_kind, _price, _size, _side, _tradeId, _aggressor, _resting, .. _bid.All, .. _ask.All, _action, _reason, _isTrading, _limitUp, _limitDown];

    protected override void AppendOwn(int row, in Tick tick)
    {
        var (isTrade, isStatus) = (tick.Kind == TickKind.Trade, tick.Kind == TickKind.Status);
        _kind.Set(row, TickNames.Of(tick.Kind));
        _price.Set(row, isTrade ? tick.Trade.Price : null);
        _size.Set(row, isTrade ? tick.Trade.Size : null);
        _side.Set(row, isTrade ? TickNames.Of(tick.Trade.Side) : null);
        _tradeId.Set(row, isTrade ? tick.Trade.TradeId : null);
        _aggressor.Set(row, isTrade ? TickNames.Of(tick.Trade.Aggressor) : null);
        _resting.Set(row, isTrade ? TickNames.Of(tick.Trade.Resting) : null);
        _bid.Set(row, isStatus ? null : tick.Book.Bid);
        _ask.Set(row, isStatus ? null : tick.Book.Ask);
        _action.Set(row, isStatus ? TickNames.Of(tick.Status.Action) : null);
        _reason.Set(row, isStatus && !string.IsNullOrEmpty(tick.Status.Reason) ? tick.Status.Reason : null);
        _isTrading.Set(row, isStatus ? tick.Status.IsTrading : null);
        _limitUp.Set(row, isStatus ? tick.Status.LimitUp : null);
        _limitDown.Set(row, isStatus ? tick.Status.LimitDown : null);
    }
}
