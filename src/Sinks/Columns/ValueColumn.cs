using System.Runtime.CompilerServices;
using ParquetSharp;

namespace StockActors.Sinks.Columns;

/// <summary>A column of numbers or truth values: sizes, times, ids, prices, counts.</summary>
internal sealed class ValueColumn<T>(string name, ColumnType type, bool nullable) : Column(name, type, nullable)
    where T : unmanaged
{
    private readonly Rows<T> _values = new();

    /// <summary>A row's value; without meaning where the row is null.</summary>
    public T this[int row]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _values[row];
    }

    public void Set(int row, T value)
    {
        if (IsNullable)
            Mark(row);
        _values[row] = value;
    }

    public void Set(int row, T? value)
    {
        if (value is { } present)
            Set(row, present);
        else
            Unmark(row);
    }

    protected override void GrowValues(int capacity) => _values.Grow(capacity);

    protected override void ClearValues() => _values.Clear();

    protected override int ReadBatch(ColumnReader reader, ReadOnlySpan<int> places, ColumnScratch scratch)
    {
        var values = scratch.Of<T>();
        var rows = (int)((ColumnReader<T>)reader).ReadBatch(places.Length, IsNullable ? scratch.Levels : default, default, values, out _);
        var next = 0;
        for (var i = 0; i < rows; i++)
        {
            var isPresent = !IsNullable || scratch.Levels[i] != 0;
            var value = isPresent ? values[next++] : default;
            if (places[i] < 0)
                continue;
            if (isPresent)
                Set(places[i], value);
            else
                Unmark(places[i]);
        }

        return rows;
    }

    protected override void WriteBatch(ColumnWriter writer, ReadOnlySpan<int> order, ColumnScratch scratch, ColumnChecksum checksum)
    {
        var gathered = scratch.Of<T>();
        var present = gathered[..Gather(order, _values, gathered, scratch.Levels)];
        checksum.Add<T>(present);
        Put<T>(writer, order.Length, present, scratch, checksum);
    }
}
