using System.Text;
using System.Text.Json;
using Amazon.Athena;
using Amazon.Athena.Model;
using Amazon.Runtime;
using StockActors.Sinks.Storage;
using static StockActors.Sinks.Tests.ScriptedService;

namespace StockActors.Sinks.Tests;

/// <summary>The client of Athena against answers as the service documents them.</summary>
public sealed class AthenaClientTests : IDisposable
{
    private ScriptedService? _service;
    private AmazonAthenaClient? _client;

    public void Dispose()
    {
        _client?.Dispose();
        _service?.Dispose();
    }

    [Fact]
    public async Task Requests_are_signed_and_named_as_the_service_wants_and_say_only_what_was_set()
    {
        var athena = Client("""{"QueryExecutionId":"q-1"}""");

        var started = await athena.StartQueryExecutionAsync(new()
        {
            QueryString = "select ?",
            ClientRequestToken = new string('t', 32),
            ExecutionParameters = ["'a'"],
            QueryExecutionContext = new() { Database = "db" },
            ResultConfiguration = new() { OutputLocation = "s3://b/p/" },
            ResultReuseConfiguration = new() { ResultReuseByAgeConfiguration = new() { Enabled = true, MaxAgeInMinutes = 5 } },
        });

        Assert.Equal("q-1", started.QueryExecutionId);
        var request = Assert.Single(_service!.Requests);
        Assert.Equal(("POST", "/", "AmazonAthena.StartQueryExecution"), (request.Method, request.Path, request["X-Amz-Target"]));
        Assert.Equal("application/x-amz-json-1.1", request["Content-Type"]);
        Assert.Matches("^AWS4-HMAC-SHA256 Credential=key/[0-9]{8}/eu-west-1/athena/aws4_request, SignedHeaders=.*x-amz-target", request["Authorization"]);
        Assert.Equal(
            """
            {"QueryString":"select ?","ClientRequestToken":"tttttttttttttttttttttttttttttttt","ExecutionParameters":["'a'"],"QueryExecutionContext":{"Database":"db"},
            "ResultConfiguration":{"OutputLocation":"s3://b/p/"},"ResultReuseConfiguration":{"ResultReuseByAgeConfiguration":{"Enabled":true,"MaxAgeInMinutes":5}}}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(request.Body).Replace("\\u0027", "'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_query_is_and_has_cost_is_read_and_what_else_the_service_says_is_not_minded()
    {
        var athena = Client("""
            {"QueryExecution":{"QueryExecutionId":"q-1","Query":"select 1","StatementType":"DML","SubstatementType":"SELECT","WorkGroup":"primary",
            "ResultConfiguration":{"OutputLocation":"s3://b/p/q-1.csv","EncryptionConfiguration":{"EncryptionOption":"SSE_S3"}},
            "Status":{"State":"FAILED","StateChangeReason":"TABLE_NOT_FOUND","SubmissionDateTime":1.7644E9,"CompletionDateTime":1.7644E9,
            "AthenaError":{"ErrorCategory":2,"ErrorType":1006,"Retryable":false,"ErrorMessage":"TABLE_NOT_FOUND"}},
            "Statistics":{"EngineExecutionTimeInMillis":12,"DataScannedInBytes":345,"ResultReuseInformation":{"ReusedPreviousResult":false}}}}
            """);

        var query = (await athena.GetQueryExecutionAsync(new() { QueryExecutionId = "q-1" })).QueryExecution!;

        Assert.Equal((QueryExecutionState.FAILED, "TABLE_NOT_FOUND"), (query.Status!.State, query.Status.StateChangeReason));
        Assert.Equal((2, 1006, false), (query.Status.AthenaError!.ErrorCategory, query.Status.AthenaError.ErrorType, query.Status.AthenaError.Retryable));
        Assert.Equal((345, 12, false), (query.Statistics!.DataScannedInBytes, query.Statistics.EngineExecutionTimeInMillis, query.Statistics.ResultReuseInformation!.ReusedPreviousResult));
        Assert.Equal(("DML", "s3://b/p/q-1.csv"), (query.StatementType, query.ResultConfiguration!.OutputLocation));
    }

    [Fact]
    public async Task Results_are_read_page_by_page_and_NULL_is_not_an_empty_text()
    {
        var athena = Client("""
            {"NextToken":"2","ResultSet":{"Rows":[{"Data":[{"VarCharValue":""},{}]}],
            "ResultSetMetadata":{"ColumnInfo":[{"Name":"a","Type":"varchar","Nullable":"UNKNOWN","CaseSensitive":true,"Precision":2147483647,"Scale":0},{"Name":"b","Type":"decimal","Precision":18,"Scale":9}]}},
            "UpdateCount":0}
            """);

        var page = await athena.GetQueryResultsAsync(new() { QueryExecutionId = "q-1", NextToken = "1", MaxResults = 1000 });

        Assert.Equal("2", page.NextToken);
        Assert.Equal(["", null], Assert.Single(page.ResultSet!.Rows!).Data!.Select(field => field.VarCharValue));
        Assert.Equal([("a", "varchar", 0), ("b", "decimal", 9)], page.ResultSet.ResultSetMetadata!.ColumnInfo!.Select(c => (c.Name!, c.Type!, c.Scale!.Value)));
        Assert.Equal("""{"QueryExecutionId":"q-1","NextToken":"1","MaxResults":1000}""", Encoding.UTF8.GetString(Assert.Single(_service!.Requests).Body));
    }

    [Theory]
    [InlineData("InvalidRequestException", typeof(InvalidRequestException))]
    [InlineData("TooManyRequestsException", typeof(TooManyRequestsException))]
    [InlineData("ThrottlingException", typeof(ThrottlingException))]
    [InlineData("MetadataException", typeof(MetadataException))]
    [InlineData("ResourceNotFoundException", typeof(ResourceNotFoundException))]
    [InlineData("AccessDeniedException", typeof(AccessDeniedException))]
    [InlineData("InternalServerException", typeof(InternalServerException))]
    [InlineData("UnrecognizedClientException", typeof(AmazonAthenaException))]
    public async Task An_error_that_the_service_names_is_an_exception_of_that_name(string code, Type type)
    {
        var athena = Client(JsonSerializer.Serialize(new { __type = code, message = "it is bad" }), status: 400);

        var error = await Assert.ThrowsAnyAsync<AmazonAthenaException>(() => athena.StopQueryExecutionAsync(new() { QueryExecutionId = "q-1" }));

        Assert.Equal((type, code, "it is bad"), (error.GetType(), error.ErrorCode, error.Message));
    }

    private AmazonAthenaClient Client(string answer, int status = 200)
    {
        _service = new ScriptedService(_ => Task.FromResult(Answer.Of(status, answer)));
        return _client = new AmazonAthenaClient(AwsCalls.Unrepeated(new AmazonAthenaConfig
        {
            ServiceURL = _service.Url,
            AuthenticationRegion = "eu-west-1",
            DefaultAWSCredentials = new BasicAWSCredentials("key", "secret"),
        }));
    }
}
