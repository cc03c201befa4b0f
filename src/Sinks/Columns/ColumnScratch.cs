using System.Runtime.InteropServices;
using ParquetSharp;

namespace StockActors.Sinks.Columns;

/// <summary>
/// Room for the rows of one column that are on their way to the Parquet writer: few enough to stay in the processor's cache.
/// </summary>
internal sealed class ColumnScratch
{
    /// <summary>How many rows go at a time.</summary>
    public const int Rows = 8192;

    private readonly long[] _values = new long[Rows];

    public ByteArray[] Texts { get; } = new ByteArray[Rows];

    public ulong[] Hashes { get; } = new ulong[Rows];

    public short[] Levels { get; } = new short[Rows];

    /// <summary>Room for values of up to 8 bytes; the same for all types.</summary>
    public Span<T> Of<T>()
        where T : unmanaged => MemoryMarshal.Cast<long, T>(_values.AsSpan())[..Rows];
}
