using System.Globalization;
using Amazon.Athena.Model;

namespace StockActors.Analytics;

/// <summary>The result of a query that Athena has finished: its pages, asked for one by one.</summary>
internal sealed class AthenaResult : IQueryResult
{
    private readonly Func<string, Task<GetQueryResultsResponse>> _next;
    private readonly Action<QueryOutcome, long> _ended;
    private readonly Func<string, object>[] _cells;
    private GetQueryResultsResponse? _page;
    private int _skip;
    private long _rows;
    private bool _isEnded;

    /// <summary>A result whose first page is there.</summary>
    /// <param name="next">Asks for the page of a token.</param>
    /// <param name="first">The first page.</param>
    /// <param name="hasHeading">Whether the first row names the columns.</param>
    /// <param name="cost">What the query has cost.</param>
    /// <param name="ended">Called once, when the result is disposed of: how it ended, and how many rows were read.</param>
    public AthenaResult(Func<string, Task<GetQueryResultsResponse>> next, GetQueryResultsResponse first, bool hasHeading, QueryCost cost, Action<QueryOutcome, long> ended)
    {
        (_next, _page, Cost, _ended, _skip) = (next, first, cost, ended, hasHeading ? 1 : 0);
        var columns = first.ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
        Columns = [.. columns.Select(column => new QueryColumn(column.Name ?? "", TypeOf(column)))];
        _cells = [.. Columns.Select(column => CellOf(column.Type))];
    }

    public IReadOnlyList<QueryColumn> Columns { get; }

    public QueryCost Cost { get; }

    public async ValueTask<IReadOnlyList<object?[]>?> ReadPageAsync(CancellationToken cancellation = default)
    {
        while (_page is { } page)
        {
            cancellation.ThrowIfCancellationRequested();
            var rows = (page.ResultSet?.Rows ?? []).Skip(_skip).Select(Cells).ToList();
            _skip = 0;
            _page = page.NextToken is { Length: > 0 } token ? await _next(token).WaitAsync(cancellation) : null;
            _rows += rows.Count;
            if (rows.Count > 0)
                return rows;
        }

        return null;
    }

    public ValueTask DisposeAsync()
    {
        if (!_isEnded)
            _ended(_page is null ? QueryOutcome.Completed : QueryOutcome.Stopped, _rows);
        _isEnded = true;
        return ValueTask.CompletedTask;
    }

    private object?[] Cells(Row row)
    {
        var cells = new object?[_cells.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            var text = row.Data is { } data && i < data.Count ? data[i].VarCharValue : null;
            try
            {
                cells[i] = text is null ? null : _cells[i](text);
            }
            catch (Exception e) when (e is FormatException or OverflowException)
            {
                throw new QueryException($"column {Columns[i].Name}: '{text}' is no {Columns[i].Type}: {e.Message} Cast the column to varchar.", e);
            }
        }

        return cells;
    }

    private static ColumnType TypeOf(ColumnInfo column) => column.Type switch
    {
        "tinyint" or "smallint" or "integer" or "int" or "bigint" => ColumnType.Integer,
        "decimal" => ColumnType.Decimal,
        "float" or "real" or "double" => ColumnType.Double,
        "boolean" => ColumnType.Boolean,
        "timestamp" => ColumnType.Timestamp,
        "date" => ColumnType.Date,
        _ => ColumnType.Text,
    };

    private static Func<string, object> CellOf(ColumnType type) => type switch
    {
        ColumnType.Integer => text => long.Parse(text, CultureInfo.InvariantCulture),
        ColumnType.Decimal => text => decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture),
        ColumnType.Double => text => double.Parse(text, CultureInfo.InvariantCulture),
        ColumnType.Boolean => text => bool.Parse(text),
        ColumnType.Timestamp => text => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
        ColumnType.Date => text => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => text => text,
    };
}
