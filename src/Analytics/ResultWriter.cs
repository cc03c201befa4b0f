using System.Text;

namespace StockActors.Analytics;

/// <summary>
/// Writes results as text, a page at a time, in the invariant culture. Decimals are written exactly, without the zeros at their end
/// (<see cref="OutputFormat.Table"/> keeps a column's point in line), timestamps as <c>2026-01-05T14:30:00.123Z</c>, dates as <c>2026-01-05</c>.
/// </summary>
public static class ResultWriter
{
    /// <summary>Writes rows that are there already.</summary>
    /// <param name="format">How.</param>
    /// <param name="columns">Their columns.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="output">Where to; neither flushed nor closed.</param>
    /// <param name="cancellation">Stops the writing.</param>
    /// <returns>How many rows were written.</returns>
    public static Task<long> WriteAsync(
        OutputFormat format, IReadOnlyList<QueryColumn> columns, IReadOnlyList<object?[]> rows, TextWriter output, CancellationToken cancellation = default) =>
        WriteAsync(format, columns, Enumerable.Repeat(rows, Math.Min(1, rows.Count)).ToAsyncEnumerable(), output, cancellation);

    /// <summary>Writes a result up to its end.</summary>
    /// <param name="format">How.</param>
    /// <param name="columns">The result's columns.</param>
    /// <param name="pages">Its rows; read once, no faster than they can be written.</param>
    /// <param name="output">Where to; neither flushed nor closed.</param>
    /// <param name="cancellation">Stops the reading and the writing.</param>
    /// <returns>How many rows were written.</returns>
    /// <exception cref="QueryException">The engine could not go on; what came before has been written.</exception>
    public static async Task<long> WriteAsync(OutputFormat format, IReadOnlyList<QueryColumn> columns,
        IAsyncEnumerable<IReadOnlyList<object?[]>> pages, TextWriter output, CancellationToken cancellation = default)
    {
        IRowFormat rowFormat = format switch
        {
            OutputFormat.Table => new TableFormat(columns),
            OutputFormat.Csv => new CsvFormat(columns),
            OutputFormat.Json => new JsonFormat(columns),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "unknown output format"),
        };
        var text = new StringBuilder();
        var rows = 0L;
        var begun = false;
        await foreach (var page in pages.WithCancellation(cancellation))
        {
            if (begun)
                rowFormat.Next(page, text);
            else
                rowFormat.Begin(page, text);
            begun = true;
            rows += page.Count;
            await output.WriteAsync(text, cancellation);
            text.Clear();
        }

        if (!begun)
            rowFormat.Begin([], text);
        rowFormat.End(rows, text);
        await output.WriteAsync(text, cancellation);
        return rows;
    }
}
