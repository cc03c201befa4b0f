using System.Text.Json;
using Amazon.Glue;
using Amazon.Glue.Model;
using Amazon.Runtime;
using StockActors.Sinks.Storage;
using static StockActors.Sinks.Tests.ScriptedService;

namespace StockActors.Sinks.Tests;

/// <summary>The catalogue in Glue against answers as the service documents them.</summary>
public sealed class GlueCatalogueTests : IDisposable
{
    private static readonly AwsOptions Prompt = new() { FirstWait = TimeSpan.FromMilliseconds(1), LongestWait = TimeSpan.FromMilliseconds(5) };
    private static readonly TablePartition Hour = new("trades", "dt=2026-01-05/hour=14");

    private readonly MemoryStore _store = new();
    private readonly Dictionary<string, Table> _tables = [];
    private readonly Dictionary<string, Partition> _partitions = [];
    private ScriptedService? _service;

    public void Dispose() => _service?.Dispose();

    [Fact]
    public async Task Requests_are_signed_and_named_as_the_service_wants()
    {
        await Catalogue().EnsurePartitionAsync(Hour, default);

        var request = _service!.Requests.Last();
        Assert.Equal(("POST", "/", "AWSGlue.BatchCreatePartition"), (request.Method, request.Path, request["X-Amz-Target"]));
        Assert.Equal("application/x-amz-json-1.1", request["Content-Type"]);
        Assert.Matches("^AWS4-HMAC-SHA256 Credential=key/[0-9]{8}/eu-west-1/glue/aws4_request, SignedHeaders=.*x-amz-target", request["Authorization"]);
    }

    [Fact]
    public async Task Tables_have_the_columns_types_and_keys_of_the_lake_and_lie_in_it()
    {
        await Catalogue().EnsurePartitionAsync(Hour, default);

        Assert.Equal(["bars", "quotes", "status", "trades"], _tables.Keys.Order());
        var trades = _tables["trades"];
        Assert.Equal(["dt string", "hour string"], trades.PartitionKeys!.Select(c => $"{c.Name} {c.Type}"));
        Assert.Equal(["interval string", "dt string"], _tables["bars"].PartitionKeys!.Select(c => $"{c.Name} {c.Type}"));
        var types = trades.StorageDescriptor!.Columns!.ToDictionary(c => c.Name!, c => c.Type!);
        Assert.Equal(
            ("string", "bigint", "timestamp", "decimal(18,9)", "bigint", "int"),
            (types["symbol"], types["ts_event"], types["ts"], types["price"], types["size"], types["bid_ct"]));
        Assert.Equal("boolean", _tables["status"].StorageDescriptor!.Columns!.Single(c => c.Name == "is_trading").Type);
        Assert.Equal("trades/", trades.StorageDescriptor.Location);
        Assert.Equal("trades/dt=2026-01-05/hour=14/", _partitions["trades/2026-01-05/14"].StorageDescriptor!.Location);
    }

    [Fact]
    public async Task What_is_throttled_fails_or_is_cut_off_is_asked_again_until_it_is_answered()
    {
        var faults = new Queue<Answer>(
        [
            Answer.Json(400, "ThrottlingException", "Rate exceeded"), Answer.Json(500, "InternalServiceException", "sorry"), Answer.Of(503, "<html>busy</html>"),
            Answer.Cut, Answer.Json(400, "OperationTimeoutException", "too slow"), new Answer(200, [], Missing: 20),
        ]);
        var catalogue = Catalogue((operation, _) => operation == "BatchCreatePartition" && faults.TryDequeue(out var fault) ? fault : null);

        await catalogue.EnsurePartitionAsync(Hour, default);

        Assert.Empty(faults);
        Assert.Equal("trades/dt=2026-01-05/hour=14/", await catalogue.LocationOfAsync(Hour, default));
    }

    [Fact]
    public async Task A_call_is_not_repeated_beyond_its_deadline()
    {
        var time = new ManualTime(DateTimeOffset.UtcNow);
        var calls = 0;
        var options = Prompt with { FirstDeadline = TimeSpan.FromMinutes(1), Deadline = TimeSpan.FromMinutes(2), FirstWait = TimeSpan.Zero };
        var catalogue = Catalogue(
            (operation, _) =>
            {
                // The first minute of silence is the configuration's fault, the second, once it has answered, an outage.
                calls++;
                time.Advance(TimeSpan.FromSeconds(25));
                return operation == "BatchCreatePartition" ? Answer.Json(400, "ThrottlingException", "Rate exceeded") : null;
            },
            options,
            time);

        var error = await Assert.ThrowsAsync<LakeException>(() => catalogue.EnsurePartitionAsync(Hour, default));

        Assert.Contains("Rate exceeded", error.Message, StringComparison.Ordinal);
        Assert.Contains("120 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(5, _service!.Requests.Count(r => r["X-Amz-Target"]!.EndsWith("BatchCreatePartition", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("ExpiredTokenException", "renew")]
    [InlineData("UnrecognizedClientException", "AWS_ACCESS_KEY_ID")]
    [InlineData("AccessDeniedException", "glue")]
    [InlineData("InvalidInputException", "bad")]
    public async Task What_does_not_pass_is_told_at_once_with_its_remedy(string code, string remedy)
    {
        var catalogue = Catalogue((_, _) => Answer.Json(400, code, "it is bad"));

        var error = await Assert.ThrowsAsync<LakeException>(() => catalogue.EnsurePartitionAsync(Hour, default));

        Assert.Contains(code, error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
        Assert.Contains("db.trades", error.Message, StringComparison.Ordinal);
        Assert.Single(_service!.Requests);
    }

    [Fact]
    public async Task A_year_of_hours_is_made_a_hundred_at_a_time_and_listed_page_by_page()
    {
        var catalogue = Catalogue();
        var hours = Enumerable.Range(0, 1_234).Select(i => new TablePartition("quotes", $"dt={new DateTime(2026, 1, 1).AddDays(i / 24):yyyy-MM-dd}/hour={i % 24:D2}")).ToList();
        await catalogue.EnsurePartitionsAsync(hours[..150], default);
        var before = _service!.Requests.Count;

        await catalogue.EnsurePartitionsAsync([.. hours, Hour], default);

        Assert.Equal(14, _service.Requests.Count - before);
        Assert.Equal(hours, (await catalogue.ListAsync("quotes", default).ToListAsync()).Select(p => p.Partition).OrderBy(p => p.Path, StringComparer.Ordinal));
        Assert.Equal(Hour, Assert.Single(await catalogue.ListAsync("trades", default).ToListAsync()).Partition);
    }

    [Fact]
    public async Task A_partition_that_Glue_refuses_for_another_reason_than_that_it_stands_is_told()
    {
        var refusal = """{"Errors":[{"PartitionValues":["2026-01-05","14"],"ErrorDetail":{"ErrorCode":"ResourceNumberLimitExceededException","ErrorMessage":"too many"}}]}""";
        var catalogue = Catalogue((operation, _) => operation == "BatchCreatePartition" ? Answer.Of(200, refusal) : null);

        var error = await Assert.ThrowsAsync<LakeException>(() => catalogue.EnsurePartitionAsync(Hour, default));

        Assert.Contains("(2026-01-05, 14) of db.trades: ResourceNumberLimitExceededException: too many", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partition_is_switched_for_good_and_a_later_registration_does_not_bring_it_back()
    {
        var catalogue = Catalogue();
        await catalogue.EnsurePartitionAsync(Hour, default);
        var columns = _partitions["trades/2026-01-05/14"].StorageDescriptor!.Columns!.Count;

        await catalogue.SwitchAsync(Hour, "compacted/trades/dt=2026-01-05/hour=14/", default);
        await catalogue.SwitchAsync(Hour, "compacted/trades/dt=2026-01-05/hour=14/", default);
        await catalogue.EnsurePartitionAsync(Hour, default);

        Assert.Equal("compacted/trades/dt=2026-01-05/hour=14/", await catalogue.LocationOfAsync(Hour, default));
        var switched = _partitions["trades/2026-01-05/14"].StorageDescriptor!;
        Assert.Equal((columns, 0, "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"), (switched.Columns!.Count, switched.NumberOfBuckets, switched.SerdeInfo!.SerializationLibrary));
        var absent = await Assert.ThrowsAsync<LakeException>(() => catalogue.SwitchAsync(new TablePartition("trades", "dt=2026-01-05/hour=15"), "x/", default));
        Assert.Contains("hour=15", absent.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_of_an_older_build_is_given_its_missing_columns_in_the_version_that_was_read()
    {
        var older = LakeTable.All.Select(table => table.Name == "trades" ? table with { Columns = [.. table.Columns.Where(c => c.Name is not "ask_ct" and not "resting")] } : table).ToList();
        await Catalogue(tables: older).EnsurePartitionAsync(Hour, default);
        var before = _tables["trades"].StorageDescriptor!.Columns!.Select(c => c.Name).ToList();
        _tables["trades"].Parameters!["theirs"] = "kept";
        var isFirst = true;

        var newer = Catalogue((operation, _) =>
        {
            if (operation != "UpdateTable" || !isFirst)
                return null;

            // Another program was quicker: the version that was read is not the table's any more.
            isFirst = false;
            _tables["trades"].VersionId = "7";
            return null;
        });
        await newer.EnsurePartitionAsync(Hour, default);

        var trades = _tables["trades"];
        Assert.Equal([.. before, "resting", "ask_ct"], trades.StorageDescriptor!.Columns!.Select(c => c.Name));
        Assert.Equal(("8", "kept"), (trades.VersionId, trades.Parameters!["theirs"]));
        Assert.Equal(2, _service!.Requests.Count(r => r["X-Amz-Target"] == "AWSGlue.UpdateTable"));

        // An older build that goes on leaves them.
        await Catalogue(tables: older).EnsurePartitionAsync(Hour, default);
        Assert.Equal("8", _tables["trades"].VersionId);
    }

    [Fact]
    public async Task A_table_that_was_made_and_is_gone_is_lost_and_one_that_a_newer_build_has_is_new()
    {
        await Catalogue(tables: [.. LakeTable.All.Where(table => table.Name != "bars")]).EnsurePartitionAsync(Hour, default);
        Assert.Equal(3, _tables.Count);
        await Catalogue().EnsurePartitionAsync(Hour, default);
        Assert.Equal(4, _tables.Count);
        _tables.Remove("bars");

        var lost = await Assert.ThrowsAsync<LakeException>(() => Catalogue().EnsurePartitionAsync(Hour, default));

        Assert.Contains("table bars is gone from the Glue database db", lost.Message, StringComparison.Ordinal);
        Assert.Contains("catalogue rebuild", lost.Message, StringComparison.Ordinal);
        await Catalogue().RestoreAsync(default);
        await Catalogue().EnsurePartitionAsync(Hour, default);
        Assert.Equal(4, _tables.Count);
    }

    [Fact]
    public async Task A_table_of_what_goes_beside_the_ticks_is_made_with_its_first_partition_and_missed_from_then_on()
    {
        var orders = new TablePartition("orders", "dt=2026-01-05/hour=14");
        var catalogue = Catalogue();
        await catalogue.EnsurePartitionAsync(Hour, default);
        Assert.DoesNotContain("orders", _tables.Keys);
        await catalogue.EnsurePartitionAsync(orders, default);
        Assert.Contains("is_last", _tables["orders"].StorageDescriptor!.Columns!.Select(c => c.Name));
        Assert.Equal("orders/dt=2026-01-05/hour=14/", await catalogue.LocationOfAsync(orders, default));

        _tables.Remove("orders");
        Assert.Contains("table orders is gone", (await Assert.ThrowsAsync<LakeException>(() => Catalogue().EnsurePartitionAsync(Hour, default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_of_another_type_is_named()
    {
        await Catalogue().EnsurePartitionAsync(Hour, default);
        _tables["trades"].StorageDescriptor!.Columns!.Single(c => c.Name == "price").Type = "double";

        var error = await Assert.ThrowsAsync<LakeException>(() => Catalogue().EnsurePartitionAsync(Hour, default));

        Assert.Contains("price of the Glue table db.trades is double, and this build writes decimal(18,9)", error.Message, StringComparison.Ordinal);
    }

    private GlueCatalogue Catalogue(
        Func<string, JsonElement, Answer?>? fault = null, AwsOptions? options = null, TimeProvider? time = null, IReadOnlyList<LakeTable>? tables = null)
    {
        _service?.Dispose();
        _service = new ScriptedService(request =>
        {
            var operation = request["X-Amz-Target"]!.Split('.')[1];
            var body = JsonDocument.Parse(request.Body).RootElement;
            lock (_tables)
                return Task.FromResult(fault?.Invoke(operation, body) ?? AsGlue(operation, body));
        });
        var glue = new AmazonGlueClient(AwsCalls.Unrepeated(new AmazonGlueConfig
        {
            ServiceURL = _service.Url,
            AuthenticationRegion = "eu-west-1",
            DefaultAWSCredentials = new BasicAWSCredentials("key", "secret"),
        }));
        return new GlueCatalogue(glue, _store, null, "db", tables ?? LakeTable.All, options ?? Prompt, time ?? TimeProvider.System);
    }

    /// <summary>What Glue answers, as far as its documentation says.</summary>
    private Answer AsGlue(string operation, JsonElement body)
    {
        var table = body.TryGetProperty("Name", out var name) || body.TryGetProperty("TableName", out name) ? name.GetString()! : "";
        switch (operation)
        {
            case "GetTable":
                return _tables.TryGetValue(table, out var found) ? Ok(new { Table = found }) : Answer.Json(400, "EntityNotFoundException", "Table not found");
            case "CreateDatabase":
                return _tables.Count > 0 ? Answer.Json(400, "AlreadyExistsException", "Database exists") : Ok(new { });
            case "CreateTable":
                var made = body.GetProperty("TableInput").Deserialize<Table>()!;
                made.VersionId = "0";
                return _tables.TryAdd(made.Name!, made) ? Ok(new { }) : Answer.Json(400, "AlreadyExistsException", "Table exists");
            case "UpdateTable":
                var changed = body.GetProperty("TableInput").Deserialize<Table>()!;
                var version = _tables[changed.Name!].VersionId!;
                if (body.GetProperty("VersionId").GetString() != version)
                    return Answer.Json(400, "ConcurrentModificationException", "Update table failed due to concurrent modifications");
                changed.VersionId = $"{int.Parse(version) + 1}";
                _tables[changed.Name!] = changed;
                return Ok(new { });
            case "BatchCreatePartition":
                var inputs = body.GetProperty("PartitionInputList").Deserialize<List<Partition>>()!;
                if (inputs.Count > 100)
                    return Answer.Json(400, "ValidationException", "more than 100");
                return Ok(new { Errors = inputs.Where(p => !_partitions.TryAdd(KeyOf(table, p.Values!), p)).Select(p => Exists(p.Values!)).ToList() });
            case "BatchUpdatePartition":
                foreach (var entry in body.GetProperty("Entries").Deserialize<List<BatchUpdatePartitionRequestEntry>>()!)
                    _partitions[KeyOf(table, entry.PartitionValueList!)].StorageDescriptor = entry.PartitionInput!.StorageDescriptor;
                return Ok(new { });
            case "GetPartition":
                return _partitions.TryGetValue(KeyOf(table, body.GetProperty("PartitionValues").Deserialize<List<string>>()!), out var one)
                    ? Ok(new { Partition = one })
                    : Answer.Json(400, "EntityNotFoundException", "Partition not found");
            case "GetPartitions":
                var from = body.TryGetProperty("NextToken", out var token) ? int.Parse(token.GetString()!) : 0;
                var all = _partitions.Where(p => p.Key.StartsWith(table + "/", StringComparison.Ordinal)).Select(p => p.Value).ToList();
                return Ok(new { Partitions = all.Skip(from).Take(100), NextToken = from + 100 < all.Count ? $"{from + 100}" : null });
            default:
                return Answer.Json(400, "InvalidInputException", operation);
        }
    }

    private static PartitionError Exists(List<string> values) =>
        new() { PartitionValues = values, ErrorDetail = new() { ErrorCode = "AlreadyExistsException", ErrorMessage = "Partition already exists." } };

    private static string KeyOf(string table, List<string> values) => $"{table}/{string.Join('/', values)}";

    private static Answer Ok<T>(T body) => Answer.Of(200, JsonSerializer.Serialize(body));
}
