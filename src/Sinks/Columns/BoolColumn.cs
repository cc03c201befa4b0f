using ParquetSharp;

namespace StockActors.Sinks.Columns;

/// <summary>A column of truth values with nulls.</summary>
internal sealed class BoolColumn(string name) : Column(name, ColumnType.Bool, nullable: true)
{
    private bool[] _values = [];

    public void Set(int row, bool? value)
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
        ReadValues(reader, places, _values, scratch.Bools, scratch);

    protected override void WriteBatch(ColumnWriter writer, ReadOnlySpan<int> order, ColumnScratch scratch, ColumnChecksum checksum) =>
        WriteValues(writer, order, _values, scratch.Bools, scratch, checksum);
}
