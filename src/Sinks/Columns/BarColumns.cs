using StockActors.Market;

namespace StockActors.Sinks.Columns;

/// <summary>Table <c>bars</c>; the interval is its partition's.</summary>
internal sealed class BarColumns(RowTexts texts) : TableColumns(TickKind.Bar, texts)
{
    private readonly ValueColumn<long> _open = new("open", ColumnType.Price, nullable: false);
    private readonly ValueColumn<long> _high = new("high", ColumnType.Price, nullable: false);
    private readonly ValueColumn<long> _low = new("low", ColumnType.Price, nullable: false);
    private readonly ValueColumn<long> _close = new("close", ColumnType.Price, nullable: false);
    private readonly ValueColumn<long> _adjClose = new("adj_close", ColumnType.Price, nullable: true);
    private readonly ValueColumn<long> _volume = new("volume", ColumnType.Size, nullable: true);
    private readonly ValueColumn<long> _closeUsd = new("close_usd", ColumnType.Price, nullable: true);

    protected override IEnumerable<Column> Own => [_open, _high, _low, _close, _adjClose, _volume, _closeUsd];

    protected override void AppendOwn(int row, in Tick tick)
    {
        var bar = tick.Bar!;
        _open.Set(row, bar.Open);
        _high.Set(row, bar.High);
        _low.Set(row, bar.Low);
        _close.Set(row, bar.Close);
        _adjClose.Set(row, bar.AdjClose);
        _volume.Set(row, bar.Volume);
        _closeUsd.Set(row, bar.CloseUsd);
    }
}
