using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace StockActors.Sinks.Columns;

/// <summary>A checksum of one column's rows in their order, however they are cut into batches and row groups.</summary>
internal sealed class ColumnChecksum
{
    private readonly XxHash3 _values = new();
    private readonly XxHash3 _levels = new();

    /// <summary>Adds the values of rows that have one.</summary>
    public void Add<T>(ReadOnlySpan<T> values) where T : unmanaged => _values.Append(MemoryMarshal.AsBytes(values));

    /// <summary>Adds, for rows of a column with nulls, whether they have a value.</summary>
    public void AddLevels(ReadOnlySpan<short> levels) => _levels.Append(MemoryMarshal.AsBytes(levels));

    /// <summary>Adds this column to the checksum of them all.</summary>
    public void AddTo(XxHash3 total)
    {
        ReadOnlySpan<ulong> both = [_values.GetCurrentHashAsUInt64(), _levels.GetCurrentHashAsUInt64()];
        total.Append(MemoryMarshal.AsBytes(both));
    }
}
