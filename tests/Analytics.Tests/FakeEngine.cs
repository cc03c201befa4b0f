namespace StockActors.Analytics.Tests;

/// <summary>An engine whose queries go on when the test says so, and that counts what is open.</summary>
internal sealed class FakeEngine : IQueryEngine
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, FakeQuery> _queries = [];
    private int _open;

    public int Open => Volatile.Read(ref _open);

    public SqlDialect Dialect => SqlDialect.DuckDb;

    public int MaxOpen { get; private set; }

    /// <summary>The query of a text, from whichever side it is asked for first.</summary>
    public FakeQuery this[string sql]
    {
        get
        {
            lock (_lock)
                return _queries.TryGetValue(sql, out var query) ? query : _queries[sql] = new FakeQuery();
        }
    }

    public async Task<IQueryResult> ExecuteAsync(string sql, CancellationToken cancellation = default)
    {
        lock (_lock)
            MaxOpen = Math.Max(MaxOpen, ++_open);
        var query = this[sql];
        query.Began.TrySetResult();
        try
        {
            await query.MayOpen.Task.WaitAsync(cancellation);
        }
        catch
        {
            Interlocked.Decrement(ref _open);
            throw;
        }

        return new FakeResult(query, () => Interlocked.Decrement(ref _open));
    }

    public Task<QueryPlan> ExplainAsync(string sql, CancellationToken cancellation = default) => throw new NotSupportedException();

    internal sealed class FakeQuery
    {
        public TaskCompletionSource Began { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource MayOpen { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Closing { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource MayClose { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Pages of one row that the result has; none beyond them comes, and no end either, where <see cref="HasEnd"/> is false.</summary>
        public int Pages { get; set; } = 3;

        public bool HasEnd { get; set; } = true;

        public Exception? Error { get; set; }

        public int PagesRead { get; set; }
    }

    private sealed class FakeResult(FakeQuery query, Action closed) : IQueryResult
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly TaskCompletionSource _never = new();
        private Task? _closing;

        public IReadOnlyList<QueryColumn> Columns { get; } = [new("n", ColumnType.Integer)];

        public QueryCost Cost { get; } = new(42);

        public async ValueTask<IReadOnlyList<object?[]>?> ReadPageAsync(CancellationToken cancellation = default)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stop.Token);
            stop.Token.ThrowIfCancellationRequested();
            if (query.PagesRead < query.Pages)
                return [[(long)query.PagesRead++]];
            if (query.Error is { } error)
                throw error;
            if (!query.HasEnd)
                await _never.Task.WaitAsync(stop.Token);
            return null;
        }

        public ValueTask DisposeAsync()
        {
            lock (_stop)
                return new(_closing ??= CloseAsync());
        }

        private async Task CloseAsync()
        {
            await _stop.CancelAsync();
            query.Closing.TrySetResult();
            await query.MayClose.Task;
            closed();
        }
    }
}
