using Amazon.Athena;
using Amazon.Athena.Model;
using Amazon.Runtime.Internal;

namespace StockActors.Analytics.Tests;

public sealed class AthenaEngineTests
{
    [Fact]
    public async Task Rows_of_all_pages_come_typed_and_without_the_heading()
    {
        var athena = new FakeAthena
        {
            States = [QueryExecutionState.QUEUED, QueryExecutionState.RUNNING, QueryExecutionState.SUCCEEDED],
            Pages =
            [
                [["n", "price", "at", "day", "ok", "rate", "note"], ["1", "426.160000000", "2026-01-05 14:30:00.125", "2026-01-05", "true", "1.5E-3", null]],
                [],
                [[null, null, null, null, null, null, "x"]],
            ],
        };
        await using var result = await Engine(athena).ExecuteAsync("select 1");
        var rows = new List<object?[]>();
        await foreach (var page in result.ReadPagesAsync())
            rows.AddRange(page);

        Assert.Equal(
            [ColumnType.Integer, ColumnType.Decimal, ColumnType.Timestamp, ColumnType.Date, ColumnType.Boolean, ColumnType.Double, ColumnType.Text],
            result.Columns.Select(column => column.Type));
        Assert.Equal([1L, 426.16m, new DateTime(2026, 1, 5, 14, 30, 0, 125, DateTimeKind.Utc), new DateOnly(2026, 1, 5), true, 0.0015, null], rows[0]);
        Assert.Equal([null, null, null, null, null, null, "x"], rows[1]);
        Assert.Equal(2, rows.Count);
        Assert.Equal(("lake", "s3://bucket/out/"), (athena.Started!.QueryExecutionContext!.Database, athena.Started.ResultConfiguration!.OutputLocation));
    }

    [Fact]
    public async Task A_query_that_fails_says_why()
    {
        var athena = new FakeAthena { States = [QueryExecutionState.FAILED], Reason = "COLUMN_NOT_FOUND: line 1:8" };
        var e = await Assert.ThrowsAsync<QueryException>(() => Engine(athena).ExecuteAsync("select x"));
        Assert.Contains("COLUMN_NOT_FOUND: line 1:8", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_that_is_cancelled_is_stopped_at_the_service()
    {
        var athena = new FakeAthena { States = [QueryExecutionState.RUNNING] };
        using var cancel = new CancellationTokenSource();
        var running = Engine(athena).ExecuteAsync("select x", cancel.Token);
        await athena.Looked.Task;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.True(athena.IsStopped);
    }

    [Fact]
    public async Task An_error_of_the_service_is_told_by_name()
    {
        var athena = new FakeAthena { Refusal = new AmazonAthenaException(new ErrorResponse { Code = "InvalidRequestException", Message = "no such workgroup" }) };
        var e = await Assert.ThrowsAsync<QueryException>(() => Engine(athena).ExecuteAsync("select x"));
        Assert.Equal("Athena answers: InvalidRequestException: no such workgroup. Analytics:WorkGroup names the one to use.", e.Message);
    }

    private static AthenaEngine Engine(FakeAthena athena, AthenaOptions? options = null) =>
        new(athena, options ?? new AthenaOptions { Database = "lake", Output = "s3://bucket/out/" });

    private sealed class FakeAthena : IAmazonAthena
    {
        private int _looks;

        public string[] States { get; set; } = [];

        public string? Reason { get; init; }

        public string?[][][] Pages { get; init; } = [];

        public Exception? Refusal { get; init; }

        public StartQueryExecutionRequest? Started { get; private set; }

        public bool IsStopped { get; private set; }

        public TaskCompletionSource Looked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<StartQueryExecutionResponse> StartQueryExecutionAsync(StartQueryExecutionRequest request, CancellationToken cancellationToken = default)
        {
            Started = request;
            return Refusal is null ? Task.FromResult(new StartQueryExecutionResponse { QueryExecutionId = "q" }) : Task.FromException<StartQueryExecutionResponse>(Refusal);
        }

        public Task<GetQueryExecutionResponse> GetQueryExecutionAsync(GetQueryExecutionRequest request, CancellationToken cancellationToken = default)
        {
            Looked.TrySetResult();
            return Task.FromResult(new GetQueryExecutionResponse
            {
                QueryExecution = new()
                {
                    QueryExecutionId = request.QueryExecutionId,
                    StatementType = "DML",
                    Status = new() { State = States[Math.Min(_looks++, States.Length - 1)], StateChangeReason = Reason },
                },
            });
        }

        public Task<GetQueryResultsResponse> GetQueryResultsAsync(GetQueryResultsRequest request, CancellationToken cancellationToken = default)
        {
            var page = int.Parse(request.NextToken ?? "0", System.Globalization.CultureInfo.InvariantCulture);
            string[] types = ["bigint", "decimal", "timestamp", "date", "boolean", "double", "varchar"];
            return Task.FromResult(new GetQueryResultsResponse
            {
                NextToken = page + 1 < Pages.Length ? $"{page + 1}" : null,
                ResultSet = new()
                {
                    Rows = [.. Pages[page].Select(row => new Row { Data = [.. row.Select(value => new Datum { VarCharValue = value })] })],
                    ResultSetMetadata = new() { ColumnInfo = [.. types.Select(type => new ColumnInfo { Name = type, Type = type })] },
                },
            });
        }

        public Task<StopQueryExecutionResponse> StopQueryExecutionAsync(StopQueryExecutionRequest request, CancellationToken cancellationToken = default)
        {
            IsStopped = true;
            States = [QueryExecutionState.CANCELLED];
            return Task.FromResult(new StopQueryExecutionResponse());
        }

        public Task<GetWorkGroupResponse> GetWorkGroupAsync(GetWorkGroupRequest request, CancellationToken cancellationToken = default) =>
            Task.FromResult(new GetWorkGroupResponse { WorkGroup = new() { Configuration = new() { BytesScannedCutoffPerQuery = 10_000_000 } } });

        public void Dispose()
        {
        }
    }
}
