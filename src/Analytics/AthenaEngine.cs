using Amazon.Athena;
using Amazon.Athena.Model;

namespace StockActors.Analytics;

/// <summary>Amazon Athena as a query engine: statements in its own dialect, over the tables of one database.</summary>
public sealed class AthenaEngine : IQueryEngine, IDisposable
{
    private const string EngineName = "athena";
    private const string PrimaryWorkGroup = "primary";
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private readonly IAmazonAthena _athena;
    private readonly AthenaOptions _options;
    private readonly AthenaErrors _errors;
    private readonly ILakeTables? _lake;
    private readonly TimeProvider _time;

    /// <summary>Nothing is asked of the service yet.</summary>
    /// <param name="athena">The client; the engine's own from now on.</param>
    /// <param name="options">How it is asked.</param>
    /// <param name="lake">What the tables consist of, for <see cref="ExplainAsync"/>; it can't tell that without.</param>
    /// <param name="time">The clock; the system's by default.</param>
    public AthenaEngine(IAmazonAthena athena, AthenaOptions options, ILakeTables? lake = null, TimeProvider? time = null) =>
        (_athena, _options, _errors, _lake, _time) = (athena, options, new AthenaErrors(options), lake, time ?? TimeProvider.System);

    /// <inheritdoc/>
    public SqlDialect Dialect => SqlDialect.Athena;

    /// <inheritdoc/>
    public async Task<IQueryResult> ExecuteAsync(string sql, CancellationToken cancellation = default)
    {
        var started = _time.GetTimestamp();
        QueryCost? cost = null;
        try
        {
            var query = await SucceededAsync(sql, cancellation);
            cost = CostOf(query);
            var first = await _errors.AskAsync(() => _athena.GetQueryResultsAsync(new() { QueryExecutionId = query.QueryExecutionId }, cancellation));
            return new AthenaResult(
                next => _errors.AskAsync(() => _athena.GetQueryResultsAsync(new() { QueryExecutionId = query.QueryExecutionId, NextToken = next }, CancellationToken.None)),
                first,
                hasHeading: query.StatementType == "DML",
                cost,
                (outcome, rows) => AnalyticsMetrics.Ended(EngineName, outcome, rows, cost, _time.GetElapsedTime(started)));
        }
        catch (Exception e)
        {
            AnalyticsMetrics.Ended(EngineName, e is OperationCanceledException ? QueryOutcome.Stopped : QueryOutcome.Failed, 0, cost, _time.GetElapsedTime(started));
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<QueryPlan> ExplainAsync(string sql, CancellationToken cancellation = default)
    {
        var words = await TextAsync($"EXPLAIN {sql}", cancellation);
        var scans = _lake is null ? null : AthenaScans.Of(await TextAsync($"EXPLAIN (TYPE IO, FORMAT JSON) {sql}", cancellation), await _lake.ReadAsync(cancellation));
        return new QueryPlan(scans, words, scans is null ? null : _options.DollarsFor(scans.Sum(scan => scan.Bytes)));
    }

    /// <inheritdoc/>
    public void Dispose() => _athena.Dispose();

    private async Task<string> TextAsync(string sql, CancellationToken cancellation)
    {
        await using var result = await ExecuteAsync(sql, cancellation);
        var lines = new List<string>();
        await foreach (var page in ((IQueryResult)result).ReadPagesAsync(cancellation))
            lines.AddRange(page.Select(row => $"{row[0]}"));
        return string.Join('\n', lines).TrimEnd();
    }

    private async Task<QueryExecution> SucceededAsync(string sql, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();

        // Not cancelled half-way: it would go on at the service, and nobody would know its name.
        var id = (await _errors.AskAsync(() => _athena.StartQueryExecutionAsync(Request(sql), CancellationToken.None))).QueryExecutionId!;
        try
        {
            for (var look = FirstLook; ; look = Longer(look))
            {
                var query = await LookAsync(id, cancellation);
                switch (query.Status!.State)
                {
                    case QueryExecutionState.SUCCEEDED:
                        return query;
                    case QueryExecutionState.FAILED or QueryExecutionState.CANCELLED:
                        throw _errors.Of(query, AthenaErrors.IsScanLimit(query) ? await ScanLimitAsync(cancellation) : null);
                }

                await Task.Delay(look, _time, cancellation);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or QueryException { Error: QueryError.Unreachable or QueryError.Credentials or QueryError.Busy or QueryError.Engine })
        {
            await StopAsync(id);
            throw;
        }
    }

    private StartQueryExecutionRequest Request(string sql) => new()
    {
        QueryString = sql,
        ClientRequestToken = $"{Guid.NewGuid():N}",
        QueryExecutionContext = new() { Database = _options.Database },
        ResultConfiguration = new() { OutputLocation = _options.Output },
        WorkGroup = _options.WorkGroup,
        ResultReuseConfiguration = _options.ResultReuse is { } age
            ? new() { ResultReuseByAgeConfiguration = new() { Enabled = true, MaxAgeInMinutes = (int)age.TotalMinutes } }
            : null,
    };

    private async Task<QueryExecution> LookAsync(string id, CancellationToken cancellation) =>
        (await _errors.AskAsync(() => _athena.GetQueryExecutionAsync(new() { QueryExecutionId = id }, cancellation))).QueryExecution!;

    /// <summary>Stops a query, and waits until it has stopped; a service that can't be reached any more is not waited for.</summary>
    private async Task StopAsync(string id)
    {
        using var limit = new CancellationTokenSource(StopLimit, _time);
        try
        {
            await _errors.AskAsync(() => _athena.StopQueryExecutionAsync(new() { QueryExecutionId = id }, limit.Token));
            for (var look = FirstLook; (await LookAsync(id, limit.Token)).Status!.State is QueryExecutionState.QUEUED or QueryExecutionState.RUNNING; look = Longer(look))
                await Task.Delay(look, _time, limit.Token);
        }
        catch (Exception e) when (e is QueryException or OperationCanceledException)
        {
            // Why it was to be stopped is what its asker is told.
        }
    }

    private async Task<long?> ScanLimitAsync(CancellationToken cancellation)
    {
        try
        {
            var answer = await _athena.GetWorkGroupAsync(new() { WorkGroup = _options.WorkGroup ?? PrimaryWorkGroup }, cancellation);
            return answer.WorkGroup?.Configuration?.BytesScannedCutoffPerQuery;
        }
        catch (Amazon.Runtime.AmazonServiceException)
        {
            // Whoever may ask queries need not be one who may look at workgroups.
            return null;
        }
    }

    private QueryCost CostOf(QueryExecution query)
    {
        var bytes = query.Statistics?.DataScannedInBytes ?? 0;
        var isReused = query.Statistics?.ResultReuseInformation?.ReusedPreviousResult ?? false;
        return new QueryCost(bytes, isReused || query.StatementType != "DML" ? 0 : _options.DollarsFor(bytes), isReused, query.QueryExecutionId);
    }

    private static TimeSpan Longer(TimeSpan look) => look * 2 < LongestLook ? look * 2 : LongestLook;
}
