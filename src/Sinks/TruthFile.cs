using ParquetSharp;
using ParquetSharp.IO;
using ParquetSharp.Schema;
using StockActors.Market;
using StockActors.Sinks.Columns;

namespace StockActors.Sinks;

/// <summary>What was really so in a simulation as one Parquet file, in the order in which it is added. Not thread-safe.</summary>
public sealed class TruthFile
{
    private readonly TruthColumns _rows = new();

    /// <summary>Adds a truth.</summary>
    public void Add(Truth truth) => _rows.Append(truth);

    /// <summary>Writes the file; nothing is written before.</summary>
    /// <param name="stream">Where it goes.</param>
    public void Write(Stream stream)
    {
        using var builder = new WriterPropertiesBuilder();
        using var properties = builder.Compression(Compression.Zstd).Build();
        using var schema = new GroupNode("schema", Repetition.Required, [.. _rows.All.Select(column => column.Node())], null);
        using var output = new ManagedOutputStream(stream);
        using var file = new ParquetFileWriter(output, schema, properties);
        using (var group = file.AppendRowGroup())
        {
            var (order, checksum, scratch) = (Enumerable.Range(0, _rows.Count).ToArray(), new RowChecksum(_rows.All.Count), new ColumnScratch());
            for (var i = 0; i < _rows.All.Count; i++)
            {
                using var writer = group.NextColumn();
                _rows.All[i].Write(writer, order, scratch, checksum[i]);
            }
        }

        file.Close();
    }
}
