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

    [Fact]
    public async Task What_is_configured_is_asked_and_what_was_read_is_paid_for()
    {
        var athena = new FakeAthena { States = [QueryExecutionState.SUCCEEDED], Pages = [[["n"], ["1"]]], Scanned = 11 * 1024 * 1024 + 1 };
        var options = new AthenaOptions { Database = "lake", Output = "s3://bucket/out/", WorkGroup = "analysts", ResultReuse = TimeSpan.FromMinutes(90) };
        await using var result = await Engine(athena, options).ExecuteAsync("select 1");
        var request = athena.Started!;
        Assert.Equal("analysts", request.WorkGroup);
        Assert.Equal((true, 90), (request.ResultReuseConfiguration!.ResultReuseByAgeConfiguration!.Enabled!.Value, request.ResultReuseConfiguration.ResultReuseByAgeConfiguration.MaxAgeInMinutes!.Value));
        Assert.Equal(new QueryCost(11 * 1024 * 1024 + 1, 12m / 1024 / 1024 * 5, ExecutionId: "q"), result.Cost);

        var reused = new FakeAthena { States = [QueryExecutionState.SUCCEEDED], Pages = [[["n"], ["1"]]], IsReused = true };
        await using var again = await Engine(reused).ExecuteAsync("select 1");
        Assert.Equal(new QueryCost(0, IsReused: true, ExecutionId: "q"), again.Cost);
        Assert.Null(reused.Started!.ResultReuseConfiguration);
    }

    [Theory]
    [InlineData(0L, 10)]
    [InlineData(10L << 20, 10)]
    [InlineData((10L << 20) + 1, 11)]
    [InlineData(1L << 40, 1 << 20)]
    public void Megabytes_are_paid_for_as_a_whole_and_ten_at_least(long bytes, int megabytes) =>
        Assert.Equal(megabytes * 7m / (1 << 20), new AthenaOptions { Database = "d", Output = "o", DollarsPerTerabyte = 7 }.DollarsFor(bytes));

    [Theory]
    [InlineData("Query cancelled! : Bytes scanned limit was exceeded", QueryExecutionState.CANCELLED)]
    [InlineData("EXCEEDED_SCAN_LIMIT: Query exceeded scan limit of 9.54MB", QueryExecutionState.FAILED)]
    public async Task A_query_that_would_read_more_than_its_workgroup_allows_says_how_much_that_is(string reason, string state)
    {
        var athena = new FakeAthena { States = [state], Reason = reason };
        var e = await Assert.ThrowsAsync<QueryException>(() => Engine(athena, new AthenaOptions { Database = "lake", Output = "s3://b/", WorkGroup = "analysts" }).ExecuteAsync("select x"));
        Assert.Equal(QueryError.Limit, e.Error);
        Assert.Contains("10,000,000 bytes that workgroup analysts allows", e.Message, StringComparison.Ordinal);
        Assert.Contains("Filter on dt and hour", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ExpiredTokenException", 400, QueryError.Credentials, "have expired: renew them")]
    [InlineData("UnrecognizedClientException", 400, QueryError.Credentials, "are not accepted")]
    [InlineData("AccessDeniedException", 400, QueryError.Credentials, "athena:StartQueryExecution")]
    [InlineData("TooManyRequestsException", 400, QueryError.Busy, "ask again later")]
    [InlineData("ThrottlingException", 400, QueryError.Busy, "ask again later")]
    [InlineData("InvalidRequestException", 400, QueryError.Query, "it is so")]
    [InlineData("MetadataException", 400, QueryError.Engine, "Ask again later")]
    [InlineData("InternalServerException", 500, QueryError.Engine, "Ask again later")]
    public async Task What_the_service_answers_is_an_error_of_a_kind_with_what_to_do(string code, int status, QueryError error, string remedy)
    {
        var athena = new FakeAthena { Refusal = new AmazonAthenaException(new ErrorResponse { Code = code, Message = "it is so", StatusCode = (System.Net.HttpStatusCode)status }) };
        var e = await Assert.ThrowsAsync<QueryException>(() => Engine(athena).ExecuteAsync("select x"));
        Assert.Equal(error, e.Error);
        Assert.StartsWith($"Athena answers: {code}: it is so.", e.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_told_by_its_address()
    {
        var athena = new FakeAthena { Refusal = new HttpRequestException("Connection refused") };
        var e = await Assert.ThrowsAsync<QueryException>(() => Engine(athena, new AthenaOptions { Database = "lake", Output = "s3://b/", Address = "http://nowhere" }).ExecuteAsync("select x"));
        Assert.Equal((QueryError.Unreachable, "Athena at http://nowhere can't be reached: Connection refused. Check that it is up, AWS_ENDPOINT_URL_ATHENA and AWS_REGION."), (e.Error, e.Message));
    }

    [Fact]
    public async Task A_query_that_is_lost_sight_of_is_stopped()
    {
        var athena = new FakeAthena { States = [QueryExecutionState.RUNNING], LookError = new HttpRequestException("reset") };
        var e = await Assert.ThrowsAsync<QueryException>(() => Engine(athena).ExecuteAsync("select x"));
        Assert.Equal(QueryError.Unreachable, e.Error);
        Assert.True(athena.IsStopped);
    }

    [Fact]
    public async Task What_the_service_says_of_ranges_is_what_lies_in_them()
    {
        using var lake = new TempLake();
        for (var hour = 14; hour < 20; hour++)
            lake.Add("trades", "2026-01-05", $"{hour}", 0, 10);
        lake.Add("quotes", "2026-01-05", "14", 0, 10);
        lake.Add("status", "2026-01-05", "14", 0, 10);
        var tables = await lake.ReadAsync(default);

        Assert.Equal(
            [("trades", 3), ("quotes", 0), ("status", 1)],
            AthenaScans.Of($$"""
                {"inputTableColumnInfos":[{{Input("trades", Column("hour", Range(("15", "ABOVE"), ("17", "BELOW")), Range(("18", "EXACTLY"), ("18", "EXACTLY"))))}},
                {{Input("quotes", Column("dt", Range(("2026-01-06", "EXACTLY"), null)), Column("symbol", Range(("A", "EXACTLY"), null)))}},
                {{Input("trades", Column("hour", Range(null, ("15", "BELOW"))))}}, {{Input("status")}}]}
                """, tables)!.Select(scan => (scan.Table, scan.Files)).OrderBy(scan => scan.Table switch { "trades" => 0, "quotes" => 1, _ => 2 }));
        Assert.Null(AthenaScans.Of("no such answer", tables));
        Assert.Null(AthenaScans.Of("{}", tables));

        static string Input(string table, params string[] columns) =>
            $$$"""{"table":{"catalog":"awsdatacatalog","schemaTable":{"schema":"s","table":"{{{table}}}"}},"constraint":{"none":false,"columnConstraints":[{{{string.Join(',', columns)}}}]}}""";
        static string Column(string name, params string[] ranges) =>
            $$$"""{"columnName":"{{{name}}}","type":"varchar","domain":{"nullsAllowed":false,"ranges":[{{{string.Join(',', ranges)}}}]}}""";
        static string Range((string Value, string Bound)? low, (string Value, string Bound)? high) => $$$"""{"low":{{{Marker(low, "ABOVE")}}},"high":{{{Marker(high, "BELOW")}}}}""";
        static string Marker((string Value, string Bound)? marker, string open) =>
            marker is { } bound ? $$$"""{"value":"{{{bound.Value}}}","bound":"{{{bound.Bound}}}"}""" : $$$"""{"bound":"{{{open}}}"}""";
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

        public Exception? LookError { get; init; }

        public long Scanned { get; init; }

        public bool IsReused { get; init; }

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
            if (LookError is not null)
                return Task.FromException<GetQueryExecutionResponse>(LookError);
            return Task.FromResult(new GetQueryExecutionResponse
            {
                QueryExecution = new()
                {
                    QueryExecutionId = request.QueryExecutionId,
                    StatementType = "DML",
                    Statistics = new() { DataScannedInBytes = Scanned, ResultReuseInformation = new() { ReusedPreviousResult = IsReused } },
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
