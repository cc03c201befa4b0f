namespace StockActors.Analytics.Jobs;

/// <summary>Rows that are there already, as a result.</summary>
internal sealed class ReportResult(IReadOnlyList<QueryColumn> columns, IReadOnlyList<object?[]> rows) : IQueryResult
{
    private bool _isRead = rows.Count == 0;

    public IReadOnlyList<QueryColumn> Columns => columns;

    public QueryCost Cost { get; } = new(0);

    public ValueTask<IReadOnlyList<object?[]>?> ReadPageAsync(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var page = _isRead ? null : rows;
        _isRead = true;
        return new(page);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
