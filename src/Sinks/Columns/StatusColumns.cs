using StockActors.Market;

namespace StockActors.Sinks.Columns;

/// <summary>Table <c>status</c>.</summary>
internal sealed class StatusColumns(RowTexts texts) : TableColumns(TickKind.Status, texts)
{
    private readonly TextColumn _action = new("action", TickTexts.Actions);
    private readonly TextColumn _reason = new("reason", texts.Reasons, nullable: true);
    private readonly ValueColumn<bool> _isTrading = new("is_trading", ColumnType.Bool, nullable: true);
    private readonly ValueColumn<long> _limitUp = new("limit_up", ColumnType.Price, nullable: true);
    private readonly ValueColumn<long> _limitDown = new("limit_down", ColumnType.Price, nullable: true);

    protected override IEnumerable<Column> Own => [_action, _reason, _isTrading, _limitUp, _limitDown];

    protected override void AppendOwn(int row, in Tick tick)
    {
        var status = tick.Status;
        _action.Set(row, (int)status.Action);

        // A reason that says nothing is none, as the wire can't tell the two apart.
        _reason.Set(row, string.IsNullOrEmpty(status.Reason) ? null : status.Reason);
        _isTrading.Set(row, status.IsTrading);
        _limitUp.Set(row, status.LimitUp);
        _limitDown.Set(row, status.LimitDown);
    }
}
