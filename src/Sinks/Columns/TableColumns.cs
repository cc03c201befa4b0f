using System.Buffers;
using StockActors.Market;

namespace StockActors.Sinks.Columns;

/// <summary>Rows of one table and one partition that are being gathered, column by column.</summary>
internal abstract class TableColumns(TickKind kind, RowTexts texts)
{
    private const int FirstCapacity = 64;

    private readonly TextColumn _symbol = new("symbol", texts.Symbols);
    private readonly ValueColumn<long> _tsEvent = new("ts_event", ColumnType.Counter, nullable: false);
    private readonly ValueColumn<long> _sequence = new("sequence", ColumnType.Counter, nullable: true);
    private readonly TextColumn _runId = new("run_id", texts.Runs);
    private readonly TextColumn _source = new("source", TickTexts.Sources);
    private readonly Rows<long> _offsets = new();
    private Column[]? _columns;
    private int _capacity;
    private int[] _order = [];

    /// <summary>An empty table of a kind.</summary>
    public static TableColumns Of(TickKind kind, RowTexts texts) => kind switch
    {
        TickKind.Trade => new TradeColumns(texts),
        TickKind.Quote => new QuoteColumns(texts),
        TickKind.Status => new StatusColumns(texts),
        TickKind.Order => new OrderColumns(texts),
        TickKind.Truth => new TruthColumns(texts),
        TickKind.Run => new RunColumns(texts),
        _ => new BarColumns(texts),
    };

    public TickKind Kind => kind;

    public int Count { get; private set; }

    /// <summary>All columns, in the order of the schema.</summary>
    public IReadOnlyList<Column> Columns =>
        _columns ??= [_symbol, _tsEvent, new MillisColumn("ts", _tsEvent), _sequence, _runId, _source, .. Own];

    /// <summary>The columns that rows are sorted by.</summary>
    public IReadOnlyList<Column> SortColumns => [_symbol, _sequence];

    public void Append(in Tick tick, long offset)
    {
        var row = Count;
        if (row == _capacity)
            Grow(row < Rows<long>.PerPiece ? Math.Max(FirstCapacity, row * 2) : row + Rows<long>.PerPiece);
        _offsets[row] = offset;
        _symbol.Set(row, tick.Symbol);
        _tsEvent.Set(row, tick.TsEvent);
        _sequence.Set(row, tick.Sequence);
        _runId.Set(row, tick.RunId);
        _source.Set(row, (int)tick.Source);
        AppendOwn(row, tick);
        Count = row + 1;
    }

    /// <summary>Makes as many rows, of which some columns are to be filled from files; their place in the log is their number.</summary>
    public void Resize(int rows, IReadOnlyList<Column> columns)
    {
        _offsets.Grow(rows);
        for (var row = 0; row < rows; row++)
            _offsets[row] = row;
        foreach (var column in columns)
            column.Grow(rows);
        Count = rows;
    }

    /// <summary>Forgets the rows and gives back the room.</summary>
    public void Clear()
    {
        Count = _capacity = 0;
        _offsets.Clear();
        foreach (var column in Columns)
            column.Clear();
        ArrayPool<int>.Shared.Return(_order);
        _order = [];
    }

    /// <summary>The rows by symbol (ordinal), sequence and place in the log.</summary>
    public ReadOnlySpan<int> Sorted()
    {
        if (_order.Length < Count)
        {
            ArrayPool<int>.Shared.Return(_order);
            _order = ArrayPool<int>.Shared.Rent(Count);
        }

        var ends = new int[_symbol.Texts.Count];
        for (var row = 0; row < Count; row++)
            ends[_symbol[row]]++;
        var present = Enumerable.Range(0, ends.Length).Where(symbol => ends[symbol] > 0).ToArray();
        Array.Sort(present, (a, b) => string.CompareOrdinal(_symbol.Texts[a], _symbol.Texts[b]));
        var next = 0;
        foreach (var symbol in present)
            (ends[symbol], next) = (next, next + ends[symbol]);
        for (var row = 0; row < Count; row++)
            _order[ends[_symbol[row]]++] = row;

        // A market's ticks are in the log by sequence, so that each symbol's rows are in order already, as a rule.
        var order = _order.AsSpan(0, Count);
        var start = 0;
        foreach (var symbol in present)
        {
            var rows = order[start..ends[symbol]];
            start = ends[symbol];
            for (var i = 1; i < rows.Length; i++)
            {
                if (Compare(rows[i - 1], rows[i]) > 0)
                {
                    rows.Sort(Compare);
                    break;
                }
            }
        }

        return order;
    }

    /// <summary>The columns that only this table has.</summary>
    protected abstract IEnumerable<Column> Own { get; }

    /// <summary>Sets the columns that only this table has.</summary>
    protected abstract void AppendOwn(int row, in Tick tick);

    private int Compare(int a, int b)
    {
        var bySequence = SequenceOf(a).CompareTo(SequenceOf(b));
        return bySequence != 0 ? bySequence : _offsets[a].CompareTo(_offsets[b]);
    }

    // A row without one stands first.
    private long SequenceOf(int row) => _sequence.Has(row) ? _sequence[row] : long.MinValue;

    private void Grow(int capacity)
    {
        _capacity = capacity;
        _offsets.Grow(capacity);
        foreach (var column in Columns)
            column.Grow(capacity);
    }
}
