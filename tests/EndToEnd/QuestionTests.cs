using System.Text.Json;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Amazon.Athena;
using Amazon.S3.Model;
using StockActors.Analytics;
using StockActors.Sinks.Storage;

namespace StockActors.EndToEnd;

/// <summary>What analysts ask, how much, and what goes wrong.</summary>
[Collection(LakeCollection.Name)]
public sealed class QuestionTests(Stack stack) : IAsyncLifetime
{
    private const string Endless = "select count(*) from unnest(sequence(1, 10000)) a(x), unnest(sequence(1, 10000)) b(y), unnest(sequence(1, 10000)) c(z) where x * y * z = 7";

    private Cloud _cloud = null!;
    private Cli _cli = null!;

    public async Task InitializeAsync()
    {
        if (Stack.Script is null)
            return;
        _cloud = await Cloud.StartAsync(stack, "athena");
        _cli = new Cli(environment: _cloud.Environment);
    }

    public Task DisposeAsync()
    {
        _cli?.Dispose();
        _cloud?.Dispose();
        return Task.CompletedTask;
    }

    [StackFact]
    public async Task A_query_for_one_hour_reads_that_hours_objects_alone()
    {
        var lake = _cloud.Lake("lake");
        (await _cli.RunAsync("demo", "--lake", lake, "--duration", "3s", "--speed", "max", "--symbols", "3", "--json")).Balanced();
        var objects = await ObjectsAsync("lake/trades/");
        var partitions = objects.GroupBy(o => o.Key[..o.Key.LastIndexOf('/')]).ToList();
        Assert.True(partitions.Count > 2, $"{partitions.Count} hours");
        var hour = partitions[1];
        var (hourBytes, allBytes) = (hour.Sum(o => o.Size!.Value), objects.Sum(o => o.Size!.Value));
        var values = hour.Key.Split('/').Where(part => part.Contains('=', StringComparison.Ordinal)).Select(part => part.Split('=')[1]).ToList();
        const string sql = "select count(*) n, sum(size) volume, max(sequence) latest, sum(price) prices from trades";
        var filtered = $"{sql} where dt = '{values[0]}' and hour = '{values[1]}'";

        var answers = new List<string>();
        foreach (var engine in new[] { "duckdb", "athena" })
        {
            var one = await _cli.RunAsync("query", filtered, "--lake", lake, "--engine", engine, "--format", "json");
            Assert.True(one.Exit == 0, one.ToString());
            answers.Add(one.Out);
            var cost = JsonDocument.Parse(one.Error).RootElement;
            Assert.InRange(cost.GetProperty("scanned_bytes").GetInt64(), engine == "duckdb" ? hourBytes : 1, hourBytes);
            Assert.Equal(engine == "duckdb" ? 0 : 0.0000476837m, decimal.Round(cost.GetProperty("dollars").GetDecimal(), 10));

            var explained = await _cli.RunAsync("query", filtered, "--lake", lake, "--engine", engine, "--explain", "--format", "json");
            Assert.True(explained.Exit == 0, explained.ToString());
            var plan = explained.Json;
            Assert.Equal(filtered, plan.GetProperty("sql").GetString());
            var table = Assert.Single(plan.GetProperty("tables").EnumerateArray());
            Assert.Equal(
                ("trades", 1, partitions.Count, hour.Count(), objects.Count, hourBytes, allBytes),
                (table.GetProperty("table").GetString(), table.GetProperty("partitions").GetInt32(), table.GetProperty("of_partitions").GetInt32(),
                    table.GetProperty("files").GetInt32(), table.GetProperty("of_files").GetInt32(), table.GetProperty("bytes").GetInt64(), table.GetProperty("of_bytes").GetInt64()));
            Assert.Equal(engine == "athena", plan.GetProperty("plan").GetString()!.Contains("TableScan", StringComparison.Ordinal));
        }

        Assert.Equal(answers[0], answers[1]);
        var copies = Directory.EnumerateFiles(Path.Combine(_cli.Directory, "copies"), "*", SearchOption.AllDirectories).ToList();
        Assert.Equal(hour.Select(o => Path.GetFileName(o.Key)).Order(), copies.Select(copy => Path.GetFileName(copy)).Order());

        var all = await _cli.RunAsync("query", sql, "--lake", lake);
        Assert.True(all.Exit == 0, all.ToString());
        Assert.Matches(@"^1 rows in [0-9.]+ s, [0-9,]+ (bytes|kB|MB) scanned, 0\.000048 USD, query [0-9a-f-]{36}\n$", all.Error);

        // A cache that has no room for all has room for the hour.
        using var small = new Cli(environment: new Dictionary<string, string>(_cloud.Environment) { ["STOCKACTORS_ANALYTICS__CACHEMB"] = $"{(hourBytes / (1024 * 1024)) + 1}" });
        var fits = await small.RunAsync("query", filtered, "--lake", lake, "--engine", "duckdb", "--format", "json");
        Assert.Equal((0, answers[0]), (fits.Exit, fits.Out));
    }

    [StackFact]
    public async Task Of_two_hundred_queries_at_once_no_more_than_the_limit_run_and_none_is_lost()
    {
        const int running = 3, waiting = 20;
        var workGroup = $"wg-{_cloud.Bucket}";
        await _cloud.AthenaCallAsync("CreateWorkGroup", new { Name = workGroup, Configuration = new { } });
        using var engine = new AthenaEngine(
            new AmazonAthenaClient(AwsCalls.Unrepeated(new AmazonAthenaConfig
            {
                ServiceURL = stack.Variables["AWS_ENDPOINT_URL"],
                AuthenticationRegion = stack.Variables["AWS_REGION"],
                DefaultAWSCredentials = _cloud.Credentials(),
            })),
            new AthenaOptions { Database = "default", Output = $"s3://{_cloud.Bucket}/athena/", WorkGroup = workGroup });
        using var system = ActorSystem.Create("questions", "akka.loglevel = WARNING");
        var actor = system.ActorOf(AnalyticsActor.Props(engine, new AnalyticsOptions { MaxRunning = running, MaxWaiting = waiting }));
        var queries = Enumerable.Range(0, 200).Select(i => new AnalyticsActor.Query(Guid.NewGuid(), i < running ? Endless : $"select {i} n")).ToList();
        var replies = queries.Select(query => actor.Ask<AnalyticsActor.IReply>(query, TimeSpan.FromMinutes(2))).ToList();

        var refused = await Task.WhenAll(replies.Skip(running + waiting));
        Assert.All(refused, reply => Assert.Equal((running, waiting), Assert.IsType<AnalyticsActor.Busy>(reply) is var busy ? (busy.Running, busy.Waiting) : default));
        await UntilAsync(async () => (await ExecutionsAsync(workGroup)).Count(e => e.State == "RUNNING") == running);
        Assert.Equal(running, (await ExecutionsAsync(workGroup)).Count);
        Assert.DoesNotContain(replies.Take(running + waiting), reply => reply.IsCompleted);

        List<int> cancelled = [.. Enumerable.Range(0, running), running + 7];
        foreach (var i in cancelled)
            actor.Tell(new AnalyticsActor.Cancel(queries[i].Id));
        var answers = await Task.WhenAll(replies.Take(running + waiting).Select(async (reply, i) => await reply switch
        {
            AnalyticsActor.Rows rows => Convert.ToInt64((await rows.Pages.RunWith(Sink.Seq<IReadOnlyList<object?[]>>(), system.Materializer()))[0][0][0], null),
            AnalyticsActor.Failed { Why: QueryFailure.Cancelled } when cancelled.Contains(i) => i,
            var other => throw new InvalidOperationException($"query {i}: {other}"),
        }));
        Assert.Equal(Enumerable.Range(0, running + waiting).Select(i => (long)i), answers);

        var executions = await ExecutionsAsync(workGroup);
        Assert.Equal(running + waiting - 1, executions.Count);
        Assert.All(executions, e => Assert.Equal(e.Sql == Endless ? "CANCELLED" : "SUCCEEDED", e.State));
        var others = executions.Where(e => e.Sql != Endless).ToList();
        Assert.All(others, e => Assert.InRange(others.Count(other => other.From <= e.From && e.From < other.To), 1, running));

        // Behind the service, too; the pattern is not to find itself.
        await UntilAsync(async () => Assert.Single(await _cloud.AthenaAsync(
            "default", "select count(*) from system.runtime.queries where state = 'RUNNING' and query like '%un' || 'nest(sequence(1, 10000)) c(z)%'"))[0] == "0");
    }

    [StackFact]
    public async Task What_goes_wrong_is_told_in_a_sentence_and_ends_with_exit_code_1()
    {
        using var expired = new ScriptedAthena(_ => (400, """{"__type":"ExpiredTokenException","message":"The security token included in the request is expired"}"""));
        using var limited = new ScriptedAthena(operation => (200, operation switch
        {
            "StartQueryExecution" => """{"QueryExecutionId":"q-1"}""",
            "GetWorkGroup" => """{"WorkGroup":{"Name":"analysts","State":"ENABLED","Configuration":{"BytesScannedCutoffPerQuery":10000000}}}""",
            _ => """
                {"QueryExecution":{"QueryExecutionId":"q-1","StatementType":"DML","WorkGroup":"analysts","Statistics":{"DataScannedInBytes":10485760},
                "Status":{"State":"CANCELLED","StateChangeReason":"Query cancelled! : Bytes scanned limit was exceeded"}}}
                """,
        }));
        using var throttled = new ScriptedAthena(_ => (400, """{"__type":"TooManyRequestsException","message":"You have exceeded the limit for the number of queries you can run concurrently.","Reason":"CONCURRENT_QUERY_LIMIT_EXCEEDED"}"""));
        await Task.WhenAll(
            FailsAsync(expired.Url, "Athena answers: ExpiredTokenException", "The credentials have expired: renew them"),
            FailsAsync(limited.Url, "10,000,000 bytes that workgroup analysts allows", "Filter on dt and hour"),
            FailsAsync(throttled.Url, "TooManyRequestsException", "ask again later"),
            FailsAsync("http://127.0.0.1:9", "Athena at http://127.0.0.1:9 can't be reached", "AWS_ENDPOINT_URL_ATHENA"));
        await Task.WhenAll(
            FailsAsync(null, "COLUMN_NOT_FOUND", "nonsense", sql: ["select nonsense from (values 1) t(n)"]),
            FailsAsync(null, "bars", "none", sql: ["--name", "bars", "--param", "none=1"]),
            FailsAsync(null, "WorkGroup nobodys is not found", "Analytics:WorkGroup", workGroup: "nobodys"));
    }

    [StackFact]
    public async Task A_query_is_asked_of_any_node_and_answered_by_one_with_the_role()
    {
        var topic = $"ask-{Guid.NewGuid():N}"[..20];
        using var cli = new Cli(stack.Kafka);
        string[] ports = [$"{Stack.FreePort()}", $"{Stack.FreePort()}"];
        string[] node = ["node", "--topic", topic, "--seed-nodes", $"127.0.0.1:{ports[0]},127.0.0.1:{ports[1]}"];
        var market = cli.Start([.. node, "--roles", "market", "--port", ports[0], "--symbols", "4"]);
        await market.SeeAsync("First ticks");
        var lonely = await cli.RunAsync("query", "select 1", "--node", $"127.0.0.1:{ports[0]}");
        Assert.Equal(1, lonely.Exit);
        Assert.Contains("no node of the cluster has the role analytics", lonely.Error, StringComparison.Ordinal);

        var analytics = cli.Start([.. node, "--roles", "ingest,analytics", "--port", ports[1], "--flush-interval", "200ms"]);
        await analytics.SeeAsync("rows in the lake", line => Cli.InTheLake(line) > 0);
        foreach (var port in ports)
        {
            var answer = await cli.RunAsync("query", "select symbol, count(*) n from trades group by 1 order by 1", "--node", $"127.0.0.1:{port}", "--format", "json");
            Assert.True(answer.Exit == 0, answer.ToString());
            Assert.All(answer.Json.EnumerateArray(), row => Assert.InRange(row.GetProperty("n").GetInt64(), 1, long.MaxValue));
            Assert.InRange(JsonDocument.Parse(answer.Error).RootElement.GetProperty("scanned_bytes").GetInt64(), 1, long.MaxValue);
        }

        var named = await cli.RunAsync("query", "--name", "bars", "--param", "interval=1h", "--node", $"127.0.0.1:{ports[0]}", "--format", "csv");
        Assert.True(named.Exit == 0, named.ToString());
        Assert.StartsWith("symbol,run_id,start,open,high,low,close,volume,vwap,trades\r\nS", named.Out.ReplaceLineEndings("\r\n"), StringComparison.Ordinal);
        foreach (var running in new[] { analytics, market })
        {
            running.Interrupt();
            await running.EndAsync();
        }
    }

    private async Task FailsAsync(string? athena, string what, string remedy, string[]? sql = null, string? workGroup = null)
    {
        var environment = new Dictionary<string, string>(_cloud.Environment);
        if (athena is not null)
            environment["AWS_ENDPOINT_URL_ATHENA"] = athena;
        if (workGroup is not null)
            environment["STOCKACTORS_ANALYTICS__WORKGROUP"] = workGroup;
        using var cli = new Cli(environment: environment);
        var run = await cli.RunAsync(["query", .. sql ?? ["select 1"], "--lake", _cloud.Lake("empty")]);
        Assert.True(run.Exit == 1, run.ToString());
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(what, run.Error, StringComparison.Ordinal);
        Assert.Contains(remedy, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("fault of this program", run.Error, StringComparison.Ordinal);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await holds())
            await Task.Delay(100, limit.Token);
    }

    /// <summary>The service's own list of a workgroup's queries.</summary>
    private async Task<List<(string Sql, string State, double From, double To)>> ExecutionsAsync(string workGroup)
    {
        var executions = new List<(string, string, double, double)>();
        foreach (var id in (await _cloud.AthenaCallAsync("ListQueryExecutions", new { WorkGroup = workGroup })).GetProperty("QueryExecutionIds").EnumerateArray())
        {
            var execution = (await _cloud.AthenaCallAsync("GetQueryExecution", new { QueryExecutionId = id.GetString() })).GetProperty("QueryExecution");
            var status = execution.GetProperty("Status");
            executions.Add((
                execution.GetProperty("Query").GetString()!,
                status.GetProperty("State").GetString()!,
                status.GetProperty("SubmissionDateTime").GetDouble(),
                status.TryGetProperty("CompletionDateTime", out var to) && to.ValueKind == JsonValueKind.Number ? to.GetDouble() : double.MaxValue));
        }

        return executions;
    }

    private async Task<List<S3Object>> ObjectsAsync(string prefix)
    {
        using var s3 = _cloud.Client();
        var objects = new List<S3Object>();
        await foreach (var found in s3.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = _cloud.Bucket, Prefix = prefix }).S3Objects)
            objects.Add(found);
        return objects;
    }
}
