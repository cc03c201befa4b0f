using System.Diagnostics;
using ParquetSharp;
using ParquetSharp.IO;
using ParquetSharp.Schema;
using StockActors.Market;

namespace StockActors.Sinks.Columns;

/// <summary>Rows as Parquet files.</summary>
/// <param name="rowGroupRows">The most rows of a row group: it bounds what a reader must hold of one column at a time.</param>
internal sealed class ParquetEncoder(int rowGroupRows = 1 << 19) : IRowFormat
{
    // Small enough that a page index finds one symbol among a few hundred without reading the others.
    private const long PageBytes = 128 * 1024;
    private const int SampleRows = 1 << 13;
    private const int SampleEvery = 64;

    private static int _encoded;
    private static double _compressionShare;

    // Arrow's own pool keeps 40 MB more than the writers of four lanes need, and is no quicker.
    private static readonly MemoryPool Pool = MemoryPool.SystemMemoryPool();

    private readonly ColumnScratch _scratch = new();
    private readonly Dictionary<(TickKind Kind, Compression Compression), (GroupNode Schema, WriterProperties Properties)> _formats = [];

    public EncodedRows Encode(TableColumns rows)
    {
        ReadOnlySpan<int> order;
        using (new PhaseTimer(PhaseTimer.Sort))
            order = rows.Sorted();
        var (encoded, took) = Time(rows, order, Compression.Zstd);
        if (Interlocked.Increment(ref _encoded) % SampleEvery == 1)
            Volatile.Write(ref _compressionShare, CompressionShareOf(rows, order[..Math.Min(order.Length, SampleRows)]));
        var share = Volatile.Read(ref _compressionShare);
        SinksMetrics.Spent(PhaseTimer.Compress, took * share);
        SinksMetrics.Spent(PhaseTimer.Encode, took * (1 - share));
        return encoded;
    }

    public (long Rows, string Checksum)? Inspect(byte[] content) => RowChecksum.OfFile(content);

    // What stands in memory is the files, four numbers a row to sort by, and the rows of one output.
    public IEnumerable<EncodedRows> Merge(string table, IReadOnlyList<byte[]> objects, int rowsPerObject)
    {
        var kind = PartitionSlot.KindOf(table);
        var places = PlacesOf(kind, objects);
        for (var start = 0; start < places.Length; start += rowsPerObject)
        {
            var rows = TableColumns.Of(kind, new RowTexts());
            rows.Resize(Math.Min(rowsPerObject, places.Length - start), rows.Columns);
            Take(rows, rows.Columns, objects, start, places);
            yield return Encode(rows, Enumerable.Range(0, rows.Count).ToArray(), Compression.Zstd);
        }
    }

    /// <summary>By row of all files, one behind the other, its place in the order of them all.</summary>
    private int[] PlacesOf(TickKind kind, IReadOnlyList<byte[]> files)
    {
        var rows = TableColumns.Of(kind, new RowTexts());
        rows.Resize(files.Sum(RowsOf), rows.SortColumns);
        var asTheyLie = Enumerable.Range(0, rows.Count).ToArray();
        Take(rows, rows.SortColumns, files, 0, asTheyLie);
        var order = rows.Sorted();
        var places = new int[order.Length];
        for (var place = 0; place < order.Length; place++)
            places[order[place]] = place;
        return places;
    }

    private static int RowsOf(byte[] content)
    {
        using var stream = new MemoryStream(content, writable: false);
        using var file = new ParquetFileReader(stream);
        return checked((int)file.FileMetaData.NumRows);
    }

    private void Take(TableColumns rows, IReadOnlyList<Column> columns, IReadOnlyList<byte[]> files, int start, ReadOnlySpan<int> places)
    {
        foreach (var content in files)
        {
            using var stream = new MemoryStream(content, writable: false);
            using var file = new ParquetFileReader(stream);
            for (var i = 0; i < file.FileMetaData.NumRowGroups; i++)
            {
                using var group = file.RowGroup(i);
                var count = (int)group.MetaData.NumRows;
                TakeGroup(columns, file.FileMetaData.Schema, group, Within(places[..count], start, rows.Count));
                places = places[count..];
            }
        }
    }

    private void TakeGroup(IReadOnlyList<Column> columns, SchemaDescriptor schema, RowGroupReader group, int[]? places)
    {
        if (places is null)
            return;
        foreach (var column in columns)
        {
            // A column that the file's version did not have is null in its rows.
            var index = schema.ColumnIndex(column.Name);
            if (index < 0)
                continue;
            using var reader = group.Column(index);
            column.Read(reader, places, _scratch);
        }
    }

    /// <summary>Places within an output; <c>null</c> where none lies there.</summary>
    private static int[]? Within(ReadOnlySpan<int> places, int start, int count)
    {
        var within = new int[places.Length];
        var any = false;
        for (var i = 0; i < places.Length; i++)
        {
            var place = places[i] - start;
            within[i] = place >= 0 && place < count ? place : -1;
            any |= within[i] >= 0;
        }

        return any ? within : null;
    }

    /// <summary>The writer encodes and compresses in one call: how much of it is compression shows where some rows are written without.</summary>
    private double CompressionShareOf(TableColumns rows, ReadOnlySpan<int> sample)
    {
        var (whole, encoding) = (Time(rows, sample, Compression.Zstd).Took, Time(rows, sample, Compression.Uncompressed).Took);
        return encoding < whole ? 1 - encoding / whole : 0;
    }

    private (EncodedRows Encoded, TimeSpan Took) Time(TableColumns rows, ReadOnlySpan<int> order, Compression compression)
    {
        var started = Stopwatch.GetTimestamp();
        var encoded = Encode(rows, order, compression);
        return (encoded, Stopwatch.GetElapsedTime(started));
    }

    private EncodedRows Encode(TableColumns rows, ReadOnlySpan<int> order, Compression compression)
    {
        if (!_formats.TryGetValue((rows.Kind, compression), out var format))
            _formats[(rows.Kind, compression)] = format = FormatOf(rows, isSorted: true, compression);
        var checksum = new RowChecksum(rows.Columns.Count);
        var count = order.Length;
        using var output = new BufferOutputStream(Pool);
        using (var file = new ParquetFileWriter(output, format.Schema, format.Properties))
        {
            for (; order.Length > 0; order = order[Math.Min(order.Length, rowGroupRows)..])
                WriteRowGroup(file, rows, order[..Math.Min(order.Length, rowGroupRows)], checksum, _scratch);
            file.Close();
        }

        using var content = output.Finish();
        return new EncodedRows(content.ToArray(), count, checksum.ToString());
    }

    /// <summary>Writes rows in an order as a row group.</summary>
    public static void WriteRowGroup(ParquetFileWriter file, TableColumns rows, ReadOnlySpan<int> order, RowChecksum checksum, ColumnScratch scratch)
    {
        using var group = file.AppendRowGroup();
        for (var i = 0; i < rows.Columns.Count; i++)
        {
            using var writer = group.NextColumn();
            rows.Columns[i].Write(writer, order, scratch, checksum[i]);
        }
    }

    /// <summary>How rows are written.</summary>
    public static (GroupNode Schema, WriterProperties Properties) FormatOf(TableColumns rows, bool isSorted, Compression compression = Compression.Zstd) =>
        (new("schema", Repetition.Required, [.. rows.Columns.Select(column => column.Node())], null), PropertiesOf(rows, isSorted, compression));

    private static WriterProperties PropertiesOf(TableColumns rows, bool isSorted, Compression compression)
    {
        using var builder = new WriterPropertiesBuilder();
        builder.MemoryPool(Pool).Compression(compression).DataPagesize(PageBytes).EnableStatistics().EnableWritePageIndex();
        if (compression == Compression.Zstd)
            builder.CompressionLevel(1);
        if (isSorted)
            builder.SortingColumns([new(0, isDescending: false, nullsFirst: false), new(3, isDescending: false, nullsFirst: true)]);

        // Of a million simulated trades: 11.9 bytes a row so, 14.3 with sizes as differences too, 20.9 plain, 21.6 with dictionaries only;
        // it is also the quickest to write.
        foreach (var column in rows.Columns)
        {
            if (column.Type is ColumnType.Counter or ColumnType.Price or ColumnType.Millis)
                builder.DisableDictionary(column.Name).Encoding(column.Name, Encoding.DeltaBinaryPacked);
            // No reader is spared a page by which names stand in it, but every row's would be compared.
            if (column.Type == ColumnType.Text && column.Name is not ("symbol" or "run_id"))
                builder.DisableStatistics(column.Name);
        }

        return builder.Build();
    }
}
