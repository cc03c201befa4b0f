using System.IO.Hashing;
using ParquetSharp;

namespace StockActors.Sinks.Columns;

/// <summary>
/// The checksum of an object's rows: XXH3 over its columns' checksums. It does not depend on encodings, compression, pages or row groups,
/// so that another build's file of the same rows has the same one.
/// </summary>
internal sealed class RowChecksum(int columns)
{
    private readonly ColumnChecksum[] _columns = [.. Enumerable.Range(0, columns).Select(_ => new ColumnChecksum())];

    public ColumnChecksum this[int column] => _columns[column];

    /// <summary>The checksum as 16 hexadecimal digits.</summary>
    public override string ToString()
    {
        var total = new XxHash3();
        foreach (var column in _columns)
            column.AddTo(total);
        return total.GetCurrentHashAsUInt64().ToString("x16");
    }

    /// <summary>Reads a Parquet file's rows; <c>null</c> where it is none.</summary>
    public static (long Rows, string Checksum)? OfFile(byte[] content)
    {
        try
        {
            using var stream = new MemoryStream(content, writable: false);
            using var file = new ParquetFileReader(stream);
            var checksum = new RowChecksum(file.FileMetaData.NumColumns);
            var scratch = new ColumnScratch();
            for (var group = 0; group < file.FileMetaData.NumRowGroups; group++)
            {
                using var reader = file.RowGroup(group);
                for (var column = 0; column < file.FileMetaData.NumColumns; column++)
                {
                    using var values = reader.Column(column);
                    Read(values, checksum[column], scratch);
                }
            }

            return (file.FileMetaData.NumRows, checksum.ToString());
        }
        catch (Exception e) when (e is ParquetException or InvalidDataException)
        {
            return null;
        }
    }

    private static void Read(ColumnReader reader, ColumnChecksum checksum, ColumnScratch scratch)
    {
        switch (reader)
        {
            case ColumnReader<long> longs:
                Read(longs, scratch.Of<long>(), checksum, scratch, static (values, checksum, _) => checksum.Add(values));
                break;
            case ColumnReader<int> ints:
                Read(ints, scratch.Of<int>(), checksum, scratch, static (values, checksum, _) => checksum.Add(values));
                break;
            case ColumnReader<bool> bools:
                Read(bools, scratch.Of<bool>(), checksum, scratch, static (values, checksum, _) => checksum.Add(values));
                break;
            case ColumnReader<ByteArray> texts:
                Read(texts, scratch.Texts, checksum, scratch, AddTexts);
                break;
            default:
                throw new InvalidDataException($"column {reader.ColumnDescriptor.Name} is of a type that no table here has");
        }
    }

    private static void Read<T>(ColumnReader<T> reader, Span<T> values, ColumnChecksum checksum, ColumnScratch scratch, AddValues<T> add)
        where T : unmanaged
    {
        var nullable = reader.ColumnDescriptor.MaxDefinitionLevel > 0;
        while (reader.HasNext)
        {
            var rows = reader.ReadBatch(ColumnScratch.Rows, nullable ? scratch.Levels : default, default, values, out var present);
            if (nullable)
                checksum.AddLevels(scratch.Levels.AsSpan(0, (int)rows));
            add(values[..(int)present], checksum, scratch);
        }
    }

    private static unsafe void AddTexts(ReadOnlySpan<ByteArray> texts, ColumnChecksum checksum, ColumnScratch scratch)
    {
        for (var i = 0; i < texts.Length; i++)
            scratch.Hashes[i] = XxHash3.HashToUInt64(new ReadOnlySpan<byte>((void*)texts[i].Pointer, texts[i].Length));
        checksum.Add<ulong>(scratch.Hashes.AsSpan(0, texts.Length));
    }

    private delegate void AddValues<T>(ReadOnlySpan<T> values, ColumnChecksum checksum, ColumnScratch scratch);
}
