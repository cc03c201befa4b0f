using ParquetSharp;
using Encoding = System.Text.Encoding;

namespace StockActors.Sinks.Columns;

/// <summary>Counts the rows of one run from given sequences on. Thread-safe.</summary>
/// <param name="runId">The run.</param>
/// <param name="firstSequence">By symbol, the first sequence that counts.</param>
internal sealed class RowFilter(string runId, IReadOnlyDictionary<string, long> firstSequence)
{
    private readonly byte[] _run = Encoding.UTF8.GetBytes(runId);
    private readonly byte[] _lowestSymbol = Encoding.UTF8.GetBytes(firstSequence.Keys.Min(StringComparer.Ordinal)!);
    private readonly byte[] _highestSymbol = Encoding.UTF8.GetBytes(firstSequence.Keys.Max(StringComparer.Ordinal)!);
    private readonly long _lowestSequence = firstSequence.Values.Min();

    /// <summary>Counts in a file.</summary>
    /// <exception cref="LakeException">It can't be read.</exception>
    public long CountIn(string path) => CountIn(path, () => new ParquetFileReader(path));

    /// <summary>Counts in a file's bytes.</summary>
    /// <exception cref="LakeException">They can't be read.</exception>
    public long CountIn(string address, byte[] content) => CountIn(address, () => new ParquetFileReader(new MemoryStream(content, writable: false)));

    private long CountIn(string address, Func<ParquetFileReader> open)
    {
        try
        {
            using var file = open();
            var schema = file.FileMetaData.Schema;
            var (symbol, sequence, run) = (schema.ColumnIndex("symbol"), schema.ColumnIndex("sequence"), schema.ColumnIndex("run_id"));
            var count = 0L;
            for (var i = 0; i < file.FileMetaData.NumRowGroups; i++)
            {
                using var group = file.RowGroup(i);
                if (MayHold(group.MetaData, symbol, sequence, run))
                    count += CountIn(group, symbol, sequence, run);
            }

            return count;
        }
        catch (ParquetException e)
        {
            throw new LakeException(
                $"{address} can't be read as Parquet: {e.Message} Run the audit to see what its chain entry says of it.", e);
        }
    }

    private bool MayHold(RowGroupMetaData group, int symbol, int sequence, int run)
    {
        using var symbols = StatisticsOf<ByteArray>(group, symbol);
        using var runs = StatisticsOf<ByteArray>(group, run);
        using var sequences = StatisticsOf<long>(group, sequence);
        return Overlaps(runs, _run, _run) && Overlaps(symbols, _lowestSymbol, _highestSymbol) && !(sequences?.Max < _lowestSequence);
    }

    private static bool Overlaps(Statistics<ByteArray>? found, byte[] low, byte[] high) =>
        found is null || (Bytes(found.Min).SequenceCompareTo(high) <= 0 && Bytes(found.Max).SequenceCompareTo(low) >= 0);

    private static Statistics<T>? StatisticsOf<T>(RowGroupMetaData group, int column) where T : unmanaged
    {
        using var chunk = group.GetColumnChunkMetaData(column);
        return chunk.Statistics is Statistics<T> { HasMinMax: true } found ? found : null;
    }

    private long CountIn(RowGroupReader group, int symbol, int sequence, int run)
    {
        using var symbols = (ColumnReader<ByteArray>)group.Column(symbol);
        using var sequences = (ColumnReader<long>)group.Column(sequence);
        using var runs = (ColumnReader<ByteArray>)group.Column(run);
        var scratch = new ColumnScratch();
        var firsts = new long[ColumnScratch.Rows];
        var isRun = new bool[ColumnScratch.Rows];
        var count = 0L;

        // Readers may yield fewer rows than are asked for, each as its pages end: they are kept in step by asking for exact numbers.
        for (var left = group.MetaData.NumRows; left > 0;)
        {
            var rows = (int)Math.Min(left, ColumnScratch.Rows);
            ReadTexts(symbols, rows, scratch.Texts, firsts, FirstOf);
            ReadTexts(runs, rows, scratch.Texts, isRun, IsRun);
            count += CountRows(sequences, rows, scratch, firsts, isRun);
            left -= rows;
        }

        return count;
    }

    private static long CountRows(ColumnReader<long> sequences, int rows, ColumnScratch scratch, long[] firsts, bool[] isRun)
    {
        var values = scratch.Of<long>();
        var count = 0L;
        for (var row = 0; row < rows;)
        {
            var read = (int)sequences.ReadBatch(rows - row, scratch.Levels, default, values, out _);
            var present = 0;
            for (var i = 0; i < read; i++, row++)
            {
                if (scratch.Levels[i] != 0 && values[present++] >= firsts[row] && isRun[row])
                    count++;
            }
        }

        return count;
    }

    // Equal texts stand in rows and are one entry of the page's dictionary: most need no look.
    private static void ReadTexts<T>(ColumnReader<ByteArray> reader, int rows, ByteArray[] texts, T[] results, Func<ByteArray, T> read)
    {
        for (var row = 0; row < rows;)
        {
            var count = (int)reader.ReadBatch(rows - row, texts, out _);
            for (var i = 0; i < count; i++, row++)
                results[row] = i > 0 && texts[i].Equals(texts[i - 1]) ? results[row - 1] : read(texts[i]);
        }
    }

    private long FirstOf(ByteArray symbol) =>
        firstSequence.TryGetValue(Encoding.UTF8.GetString(Bytes(symbol)), out var first) ? first : long.MaxValue;

    private bool IsRun(ByteArray run) => Bytes(run).SequenceEqual(_run);

    private static unsafe ReadOnlySpan<byte> Bytes(ByteArray text) => new((void*)text.Pointer, text.Length);
}
