using ParquetSharp;
using ParquetSharp.Schema;

namespace StockActors.Sinks.Columns;

/// <summary>One column of rows that are being gathered, and how it is written.</summary>
internal abstract class Column(string name, ColumnType type, bool nullable)
{
    public string Name => name;

    public ColumnType Type => type;

    /// <summary>By row 1 where it has a value and 0 where it is null; empty in a column without nulls.</summary>
    protected short[] Levels { get; private set; } = [];

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
    public virtual void Grow(int capacity)
    {
        if (nullable)
            Levels = Grown(Levels, capacity);
    }

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

    /// <summary>Reads values, and puts each to its place.</summary>
    protected int ReadValues<T>(ColumnReader reader, ReadOnlySpan<int> places, T[] target, T[] values, ColumnScratch scratch)
        where T : unmanaged
    {
        var rows = (int)((ColumnReader<T>)reader).ReadBatch(places.Length, nullable ? scratch.Levels : default, default, values, out _);
        var next = 0;
        for (var i = 0; i < rows; i++)
        {
            var level = nullable ? scratch.Levels[i] : (short)1;
            var value = level == 0 ? default : values[next++];
            if (places[i] < 0)
                continue;
            target[places[i]] = value;
            if (nullable)
                Levels[places[i]] = level;
        }

        return rows;
    }

    /// <summary>Writes at most as many rows as the scratch holds.</summary>
    protected abstract void WriteBatch(ColumnWriter writer, ReadOnlySpan<int> order, ColumnScratch scratch, ColumnChecksum checksum);

    /// <summary>Gathers rows, nulls left out, and writes them.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="order">The rows.</param>
    /// <param name="source">The values by row.</param>
    /// <param name="gathered">Room for them.</param>
    /// <param name="scratch">Room for the levels.</param>
    /// <param name="checksum">Takes note of them.</param>
    protected void WriteValues<T>(
        ColumnWriter writer, ReadOnlySpan<int> order, T[] source, T[] gathered, ColumnScratch scratch, ColumnChecksum checksum)
        where T : unmanaged
    {
        var present = Gather(order, source, gathered, scratch.Levels);
        checksum.Add<T>(gathered.AsSpan(0, present));
        Put(writer, order.Length, gathered.AsSpan(0, present), scratch, checksum);
    }

    /// <summary>Takes rows' values, nulls left out.</summary>
    /// <returns>How many there are.</returns>
    protected int Gather<T>(ReadOnlySpan<int> order, T[] source, Span<T> gathered, Span<short> levels)
    {
        if (!nullable)
        {
            for (var i = 0; i < order.Length; i++)
                gathered[i] = source[order[i]];
            return order.Length;
        }

        var present = 0;
        for (var i = 0; i < order.Length; i++)
        {
            var row = order[i];
            var level = Levels[row];
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

    protected static T[] Grown<T>(T[] array, int capacity)
    {
        Array.Resize(ref array, capacity);
        return array;
    }
}
