using ParquetSharp;
using StockActors.Sinks.Columns;
using Encoding = System.Text.Encoding;

namespace StockActors.Sinks.Audit;

/// <summary>Reads the runs, symbols and sequences of an object's rows; rows without a sequence are left out.</summary>
internal static class SequenceReader
{
    public static IEnumerable<(string Run, string Symbol, long Sequence)> Read(byte[] content)
    {
        using var stream = new MemoryStream(content, writable: false);
        using var file = new ParquetFileReader(stream);
        var schema = file.FileMetaData.Schema;
        for (var i = 0; i < file.FileMetaData.NumRowGroups; i++)
        {
            using var group = file.RowGroup(i);
            var count = (int)group.MetaData.NumRows;
            var symbols = Texts(group, schema.ColumnIndex("symbol"), count);
            var runs = Texts(group, schema.ColumnIndex("run_id"), count);
            var sequences = Sequences(group, schema.ColumnIndex("sequence"), count);
            for (var row = 0; row < count; row++)
            {
                if (sequences[row] is { } sequence)
                    yield return (runs[row], symbols[row], sequence);
            }
        }
    }

    private static string[] Texts(RowGroupReader group, int column, int count)
    {
        using var reader = (ColumnReader<ByteArray>)group.Column(column);
        var texts = new string[count];
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        var scratch = new ByteArray[ColumnScratch.Rows];
        for (var row = 0; row < count;)
        {
            var read = (int)reader.ReadBatch(Math.Min(count - row, scratch.Length), scratch, out _);
            for (var i = 0; i < read; i++, row++)
                texts[row] = i > 0 && scratch[i].Equals(scratch[i - 1]) ? texts[row - 1] : Known(known, scratch[i]);
        }

        return texts;
    }

    private static unsafe string Known(Dictionary<string, string> known, ByteArray text)
    {
        var value = Encoding.UTF8.GetString(new ReadOnlySpan<byte>((void*)text.Pointer, text.Length));
        return known.TryGetValue(value, out var one) ? one : known[value] = value;
    }

    private static long?[] Sequences(RowGroupReader group, int column, int count)
    {
        using var reader = (ColumnReader<long>)group.Column(column);
        var (values, levels) = (new long[ColumnScratch.Rows], new short[ColumnScratch.Rows]);
        var sequences = new long?[count];
        for (var row = 0; row < count;)
        {
            var read = (int)reader.ReadBatch(Math.Min(count - row, values.Length), levels, default, values, out _);
            var next = 0;
            for (var i = 0; i < read; i++, row++)
                sequences[row] = levels[i] == 0 ? null : values[next++];
        }

        return sequences;
    }
}
