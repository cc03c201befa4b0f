using ParquetSharp;
using ParquetSharp.Schema;

namespace StockActors.Sinks.Columns;

/// <summary>One column of rows that are being gathered, and how it is written.</summary>
internal abstract class Column(string name, ColumnType type, bool nullable)
{
    public string Name => name;

    public ColumnType Type => type;

    private int _capacity;

    /// <summary>By row 1 where it has a value and 0 where it is null; empty in a column without nulls, and where all rows are null so far.</summary>
    private readonly Rows<byte> _levels = new();

    protected bool IsNullable => nullable;

    /// <summary>The column in a Parquet schema.</summary>
    public PrimitiveNode Node()
    {
        using var logical = type switch
        {
            ColumnType.Price => LogicalType.Decimal(18, 9),
            ColumnType.Millis => LogicalType.Timestamp(isAdjustedToUtc: false, TimeUnit.Millis),
            ColumnType.Text => LogicalType.String(),
            _ => LogicalType.None(),
        };
        var physical = type switch
        {
            ColumnType.Int => PhysicalType.Int32,
            ColumnType.Bool => PhysicalType.Boolean,
            ColumnType.Text => PhysicalType.ByteArray,
            _ => PhysicalType.Int64,
        };
        return new PrimitiveNode(name, nullable ? Repetition.Optional : Repetition.Required, logical, physical);
    }

    /// <summary>Makes room for rows up to a number.</summary>
    public void Grow(int capacity)
    {
        _capacity = capacity;
        if (!nullable || !_levels.IsEmpty)
            Allocate();
    }

    /// <summary>Gives back the room.</summary>
    public void Clear()
    {
        _capacity = 0;
        _levels.Clear();
        ClearValues();
    }

    /// <summary>Whether a row has a value.</summary>
    public bool Has(int row) => !nullable || (!_levels.IsEmpty && _levels[row] != 0);

    /// <summary>Writes rows in an order.</summary>
    public void Write(ColumnWriter writer, ReadOnlySpan<int> order, ColumnScratch scratch, ColumnChecksum checksum)
    {
        for (; order.Length > ColumnScratch.Rows; order = order[ColumnScratch.Rows..])
            WriteBatch(writer, order[..ColumnScratch.Rows], scratch, checksum);
        WriteBatch(writer, order, scratch, checksum);
    }

    /// <summary>Takes the next rows of a file, each to its place.</summary>
    /// <param name="reader">Reads this column of the file.</param>
    /// <param name="places">By row the place to take it to; negative where it is not wanted.</param>
    /// <param name="scratch">Room for a batch.</param>
    public void Read(ColumnReader reader, ReadOnlySpan<int> places, ColumnScratch scratch)
    {
        while (places.Length > 0)
            places = places[ReadBatch(reader, places[..Math.Min(places.Length, ColumnScratch.Rows)], scratch)..];
    }

    /// <summary>Takes at most as many rows as the scratch holds.</summary>
    /// <returns>How many there were.</returns>
    protected abstract int ReadBatch(ColumnReader reader, ReadOnlySpan<int> places, ColumnScratch scratch);

    /// <summary>Makes room for values.</summary>
    protected abstract void GrowValues(int capacity);

    /// <summary>Gives back the room for values.</summary>
    protected abstract void ClearValues();

    /// <summary>Notes that a row of a column with nulls has a value. Until one has, the column takes no room.</summary>
    protected void Mark(int row)
    {
        if (_levels.IsEmpty)
            Allocate();
        _levels[row] = 1;
    }

    /// <summary>Notes that a row of a column with nulls has none.</summary>
    protected void Unmark(int row)
    {
        if (!_levels.IsEmpty)
            _levels[row] = 0;
    }

    /// <summary>Writes at most as many rows as the scratch holds.</summary>
    protected abstract void WriteBatch(ColumnWriter writer, ReadOnlySpan<int> order, ColumnScratch scratch, ColumnChecksum checksum);

    /// <summary>Takes rows' values, nulls left out.</summary>
    /// <returns>How many there are.</returns>
    protected int Gather<T>(ReadOnlySpan<int> order, Rows<T> source, Span<T> gathered, Span<short> levels)
        where T : unmanaged
    {
        if (!nullable)
        {
            for (var i = 0; i < order.Length; i++)
                gathered[i] = source[order[i]];
            return order.Length;
        }

        if (_levels.IsEmpty)
        {
            levels[..order.Length].Clear();
            return 0;
        }

        var present = 0;
        for (var i = 0; i < order.Length; i++)
        {
            var row = order[i];
            var level = _levels[row];
            levels[i] = level;
            gathered[present] = source[row];
            present += level;
        }

        return present;
    }

    /// <summary>Hands gathered values to the writer.</summary>
    protected void Put<T>(ColumnWriter writer, int rows, ReadOnlySpan<T> values, ColumnScratch scratch, ColumnChecksum checksum)
        where T : unmanaged
    {
        var typed = (ColumnWriter<T>)writer;
        if (!nullable)
        {
            typed.WriteBatch(values);
            return;
        }

        ReadOnlySpan<short> levels = scratch.Levels.AsSpan(0, rows);
        checksum.AddLevels(levels);
        typed.WriteBatch(rows, levels, default, values);
    }

    private void Allocate()
    {
        if (nullable)
            _levels.Grow(_capacity, zeroed: true);
        GrowValues(_capacity);
    }
}
