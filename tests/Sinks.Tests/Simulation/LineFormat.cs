using System.IO.Hashing;
using System.Text;
using StockActors.Sinks.Columns;

namespace StockActors.Sinks.Tests.Simulation;

/// <summary>Rows as lines of text: a thousandth of the work of Parquet.</summary>
internal sealed class LineFormat : IRowFormat
{
    public EncodedRows Encode(TableColumns rows)
    {
        var (symbols, times) = ((TextColumn)rows.Columns[0], (ValueColumn<long>)rows.Columns[1]);
        var (sequences, runs) = ((ValueColumn<long>)rows.Columns[3], (TextColumn)rows.Columns[4]);
        var sorted = new List<SimulatedRow>();
        foreach (var row in rows.Sorted())
        {
            sorted.Add(new SimulatedRow(
                symbols.Texts[symbols[row]], sequences.Has(row) ? sequences[row] : long.MinValue, runs.Texts[runs[row]], times[row]));
        }

        return Write(sorted);
    }

    public (long Rows, string Checksum)? Inspect(byte[] content) => (content.AsSpan().Count((byte)'\n'), Checksum(content));

    public IEnumerable<EncodedRows> Merge(string table, IReadOnlyList<byte[]> objects, int rowsPerObject) => objects.SelectMany(Read)
        .OrderBy(row => row.Symbol, StringComparer.Ordinal).ThenBy(row => row.Sequence)
        .Chunk(rowsPerObject).Select(Write);

    public static IEnumerable<SimulatedRow> Read(byte[] content) =>
        Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(SimulatedRow.Parse);

    private static EncodedRows Write(IReadOnlyCollection<SimulatedRow> rows)
    {
        var content = Encoding.UTF8.GetBytes(string.Concat(rows.Select(row => $"{row}\n")));
        return new EncodedRows(content, rows.Count, Checksum(content));
    }

    private static string Checksum(byte[] content) => XxHash3.HashToUInt64(content).ToString("x16");
}
