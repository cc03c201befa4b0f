using ParquetSharp;

namespace StockActors.Sinks.Columns;

/// <summary>A column of 32-bit integers with nulls: how many orders stand at a level.</summary>
internal sealed class IntColumn(string name) : Column(name, ColumnType.Int, nullable: true)
{
    private int[] _values = [];

    public void Set(int row, int? value)
    {
        _values[row] = value.GetValueOrDefault();
        Levels[row] = value.HasValue ? (short)1 : (short)0;
    }

    public override void Grow(int capacity)
    {
        base.Grow(capacity);
        _values = Grown(_values, capacity);
    }

    protected override int ReadBatch(ColumnReader reader, ReadOnlySpan<int> places, ColumnScratch scratch) =>
        ReadValues(reader, places, _values, scratch.Ints, scratch);

    protected override void WriteBatch(ColumnWriter writer, ReadOnlySpan<int> order, ColumnScratch scratch, ColumnChecksum checksum) =>
        WriteValues(writer, order, _values, scratch.Ints, scratch, checksum);
}
