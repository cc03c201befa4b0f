using ParquetSharp;

namespace StockActors.Sinks.Columns;

/// <summary>A column of nanoseconds once more, as whole milliseconds: Athena reads no finer timestamps. It stores nothing.</summary>
internal sealed class MillisColumn(string name, ValueColumn<long> nanos) : Column(name, ColumnType.Millis, nullable: false)
{
    private const long NanosPerMilli = 1_000_000;

    protected override void GrowValues(int capacity)
    {
    }

    protected override void ClearValues()
    {
    }

    // What it says is said by the other column already.
    protected override int ReadBatch(ColumnReader reader, ReadOnlySpan<int> places, ColumnScratch scratch) =>
        (int)((ColumnReader<long>)reader).ReadBatch(places.Length, scratch.Of<long>(), out _);

    protected override void WriteBatch(ColumnWriter writer, ReadOnlySpan<int> order, ColumnScratch scratch, ColumnChecksum checksum)
    {
        var millis = scratch.Of<long>()[..order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            var (quotient, remainder) = Math.DivRem(nanos[order[i]], NanosPerMilli);
            millis[i] = remainder < 0 ? quotient - 1 : quotient;
        }

        checksum.Add<long>(millis);
        Put<long>(writer, order.Length, millis, scratch, checksum);
    }
}
