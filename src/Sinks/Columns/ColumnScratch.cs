using ParquetSharp;

namespace StockActors.Sinks.Columns;

/// <summary>
/// Room for the rows of one column that are on their way to the Parquet writer: few enough to stay in the processor's cache.
/// </summary>
internal sealed class ColumnScratch
{
    /// <summary>How many rows go at a time.</summary>
    public const int Rows = 8192;

    public long[] Longs { get; } = new long[Rows];

    public int[] Ints { get; } = new int[Rows];

    public bool[] Bools { get; } = new bool[Rows];

    public ByteArray[] Texts { get; } = new ByteArray[Rows];

    public ulong[] Hashes { get; } = new ulong[Rows];

    public short[] Levels { get; } = new short[Rows];
}
