using ParquetSharp;
using StockActors.Market;
using StockActors.Sinks.Columns;

namespace StockActors.Sinks;

/// <summary>
/// Ticks as one Parquet file, in the order in which they are added, a row group at a time. Of every kind but bars: what a kind has not is null, and beside
/// <c>kind</c> the columns are those of the lake's tables. Or of one kind, with the columns of its table. Not thread-safe.
/// </summary>
public sealed class TickFile : IDisposable
{
    private const int RowsOfGroup = 1 << 17;

    private readonly ColumnScratch _scratch = new();
    private readonly TableColumns _rows;
    private readonly ParquetFileWriter _file;

    /// <summary>Begins a file; one that is there is replaced.</summary>
    /// <param name="stream">Where it goes.</param>
    /// <param name="only">The one kind that is added; all but bars where <c>null</c>.</param>
    public TickFile(Stream stream, TickKind? only = null)
    {
        _rows = only is { } kind ? TableColumns.Of(kind, new RowTexts()) : new WideColumns(new RowTexts());
        var (schema, properties) = ParquetEncoder.FormatOf(_rows, isSorted: false);
        _file = new ParquetFileWriter(new ParquetSharp.IO.ManagedOutputStream(stream), schema, properties);
    }

    /// <summary>Adds a tick.</summary>
    public void Add(in Tick tick)
    {
        _rows.Append(tick, _rows.Count);
        if (_rows.Count == RowsOfGroup)
            WriteGroup();
    }

    /// <summary>Ends the file: without this it can't be read.</summary>
    public void Complete()
    {
        if (_rows.Count > 0)
            WriteGroup();
        _file.Close();
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void WriteGroup()
    {
        ParquetEncoder.WriteRowGroup(_file, _rows, [.. Enumerable.Range(0, _rows.Count)], new RowChecksum(_rows.Columns.Count), _scratch);
        _rows.Clear();
    }
}
