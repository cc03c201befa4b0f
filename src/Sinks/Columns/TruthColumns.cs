using StockActors.Market;

namespace StockActors.Sinks.Columns;

/// <summary>Table <c>truth</c>.</summary>
internal sealed class TruthColumns(RowTexts texts) : TableColumns(TickKind.Truth, texts)
{
    private readonly TextColumn _kind = new("kind", TickTexts.Truths);
    private readonly ValueColumn<long> _began = new("began", ColumnType.Counter, nullable: false);
    private readonly TextColumn _side = new("side", TickTexts.Sides);
    private readonly ValueColumn<long> _price = new("price", ColumnType.Price, nullable: true);
    private readonly ValueColumn<long> _size = new("size", ColumnType.Size, nullable: true);
    private readonly ValueColumn<long> _filled = new("filled", ColumnType.Size, nullable: true);
    private readonly ValueColumn<long> _events = new("events", ColumnType.Size, nullable: true);

    protected override IEnumerable<Column> Own => [_kind, _began, _side, _price, _size, _filled, _events];

    protected override void AppendOwn(int row, in Tick tick)
    {
        var truth = tick.Truth!;
        _kind.Set(row, (int)truth.Kind);
        _began.Set(row, truth.Began);
        _side.Set(row, (int)truth.Side);
        _price.Set(row, truth.Price);
        _size.Set(row, truth.Size);
        _filled.Set(row, truth.Filled);
        _events.Set(row, truth.Events);
    }
}
