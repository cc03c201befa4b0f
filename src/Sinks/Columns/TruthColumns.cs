using StockActors.Market;
using StockActors.Market.Wire;

namespace StockActors.Sinks.Columns;

/// <summary>What was really so, column by column.</summary>
internal sealed class TruthColumns
{
    private const int FirstCapacity = 1024;

    private readonly TextColumn _symbol = new("symbol", new TextTable());
    private readonly ValueColumn<long> _tsEvent = new("ts_event", ColumnType.Counter, nullable: false);
    private readonly TextColumn _runId = new("run_id", new TextTable());
    private readonly TextColumn _kind = new("kind", new TextTable());
    private readonly ValueColumn<long> _began = new("began", ColumnType.Counter, nullable: false);
    private readonly TextColumn _side = new("side", new TextTable());
    private readonly ValueColumn<long> _price = new("price", ColumnType.Price, nullable: true);
    private readonly ValueColumn<long> _size = new("size", ColumnType.Size, nullable: true);
    private readonly ValueColumn<long> _filled = new("filled", ColumnType.Size, nullable: true);
    private readonly ValueColumn<long> _events = new("events", ColumnType.Size, nullable: true);
    private int _capacity;

    public TruthColumns() =>
        All = [_symbol, _tsEvent, new MillisColumn("ts", _tsEvent), _runId, _kind, _began, _side, _price, _size, _filled, _events];

    /// <summary>All columns, in the order of the schema.</summary>
    public IReadOnlyList<Column> All { get; }

    public int Count { get; private set; }

    public void Append(Truth truth)
    {
        var row = Count++;
        if (row == _capacity)
        {
            _capacity = Math.Max(FirstCapacity, row * 2);
            foreach (var column in All)
                column.Grow(_capacity);
        }

        _symbol.Set(row, truth.Symbol);
        _tsEvent.Set(row, truth.TsEvent);
        _runId.Set(row, truth.RunId);
        _kind.Set(row, TickNames.Of(truth.Kind));
        _began.Set(row, truth.Began);
        _side.Set(row, TickNames.Of(truth.Side));
        _price.Set(row, truth.Price);
        _size.Set(row, truth.Size);
        _filled.Set(row, truth.Filled);
        _events.Set(row, truth.Events);
    }
}
