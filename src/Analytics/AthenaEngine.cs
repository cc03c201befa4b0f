using Amazon.Athena;
using Amazon.Athena.Model;
using Amazon.Runtime;

namespace StockActors.Analytics;

/// <summary>Amazon Athena as a query engine: statements in its own dialect, over the tables of one database.</summary>
public sealed class AthenaEngine : IQueryEngine, IDisposable
{
    private const string EngineName = "athena";
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);

    private readonly IAmazonAthena _athena;
    private readonly string _database;
    private readonly string _output;
    private readonly TimeProvider _time;

    /// <summary>Nothing is asked of the service yet.</summary>
    /// <param name="athena">The client; the engine's own from now on.</param>
    /// <param name="database">Where names of tables are looked up.</param>
    /// <param name="output">Where results are put: <c>s3://BUCKET/PREFIX/</c>.</param>
    /// <param name="time">The clock; the system's by default.</param>
    public AthenaEngine(IAmazonAthena athena, string database, string output, TimeProvider? time = null) =>
        (_athena, _database, _output, _time) = (athena, database, output, time ?? TimeProvider.System);

    /// <inheritdoc/>
    public SqlDialect Dialect => SqlDialect.Athena;

    /// <inheritdoc/>
    public async Task<IQueryResult> ExecuteAsync(string sql, CancellationToken cancellation = default)
    {
        var started = _time.GetTimestamp();
        try
        {
            var query = await SucceededAsync(sql, cancellation);
            var first = await AskAsync(() => _athena.GetQueryResultsAsync(new() { QueryExecutionId = query.QueryExecutionId }, cancellation));
            return new AthenaResult(
                next => AskAsync(() => _athena.GetQueryResultsAsync(new() { QueryExecutionId = query.QueryExecutionId, NextToken = next }, CancellationToken.None)),
                first,
                hasHeading: query.StatementType == "DML",
                (outcome, rows) => AnalyticsMetrics.Ended(EngineName, outcome, rows, _time.GetElapsedTime(started)));
        }
        catch (Exception e)
        {
            AnalyticsMetrics.Ended(EngineName, e is OperationCanceledException ? QueryOutcome.Stopped : QueryOutcome.Failed, 0, _time.GetElapsedTime(started));
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _athena.Dispose();

    private async Task<QueryExecution> SucceededAsync(string sql, CancellationToken cancellation)
    {
        var id = (await AskAsync(() => _athena.StartQueryExecutionAsync(
            new()
            {
                QueryString = sql,
                ClientRequestToken = $"{Guid.NewGuid():N}",
                QueryExecutionContext = new() { Database = _database },
                ResultConfiguration = new() { OutputLocation = _output },
            },
            cancellation))).QueryExecutionId;
        try
        {
            for (var look = FirstLook; ; look = look * 2 < LongestLook ? look * 2 : LongestLook)
            {
                var query = (await AskAsync(() => _athena.GetQueryExecutionAsync(new() { QueryExecutionId = id }, cancellation))).QueryExecution!;
                switch (query.Status!.State)
                {
                    case QueryExecutionState.SUCCEEDED:
                        return query;
                    case QueryExecutionState.FAILED or QueryExecutionState.CANCELLED:
                        throw new QueryException($"Athena, query {id} in {_database}: {query.Status.StateChangeReason ?? query.Status.State}");
                }

                await Task.Delay(look, _time, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            await AskAsync(() => _athena.StopQueryExecutionAsync(new() { QueryExecutionId = id }, CancellationToken.None));
            throw;
        }
    }

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (AmazonServiceException e)
        {
            throw new QueryException($"Athena answers: {(e.ErrorCode is { Length: > 0 } code ? code + ": " : "")}{e.Message}", e);
        }
        catch (Exception e) when (e is AmazonClientException or HttpRequestException)
        {
            throw new QueryException($"Athena can't be asked: {e.Message} Check credentials, region and AWS_ENDPOINT_URL_ATHENA.", e);
        }
    }
}
