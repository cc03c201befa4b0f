using ParquetSharp;

namespace StockActors.Sinks.Columns;

/// <summary>A column of 64-bit integers: sizes, times, ids, prices.</summary>
internal sealed class LongColumn(string name, ColumnType type, bool nullable) : Column(name, type, nullable)
{
    private long[] _values = [];

    /// <summary>The values by row; what stands where the row is null has no meaning.</summary>
    public ReadOnlySpan<long> Values => _values;

    public void Set(int row, long value)
    {
        _values[row] = value;
        if (IsNullable)
            Levels[row] = 1;
    }

    public void Set(int row, long? value)
    {
        _values[row] = value.GetValueOrDefault();
        Levels[row] = value.HasValue ? (short)1 : (short)0;
    }

    /// <summary>The row's value; <see cref="long.MinValue"/> where it is null, which sorts first.</summary>
    public long SortKey(int row) => IsNullable && Levels[row] == 0 ? long.MinValue : _values[row];

    public override void Grow(int capacity)
    {
        base.Grow(capacity);
        _values = Grown(_values, capacity);
    }

    protected override int ReadBatch(ColumnReader reader, ReadOnlySpan<int> places, ColumnScratch scratch) =>
        ReadValues(reader, places, _values, scratch.Longs, scratch);

    protected override void WriteBatch(ColumnWriter writer, ReadOnlySpan<int> order, ColumnScratch scratch, ColumnChecksum checksum) =>
        WriteValues(writer, order, _values, scratch.Longs, scratch, checksum);
}
