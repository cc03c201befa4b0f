namespace StockActors.EndToEnd;

/// <summary>The executable on a real Kafka with its lake on S3 and Glue, and Athena as the judge.</summary>
[Collection(LakeCollection.Name)]
public sealed class S3LakeTests(Stack stack) : IAsyncLifetime
{
    private readonly string _topic = $"e2e-{Guid.NewGuid():N}"[..20];
    private Cloud _cloud = null!;
    private Cli _cli = null!;

    public async Task InitializeAsync()
    {
        if (Stack.Script is null)
            return;
        _cloud = await Cloud.StartAsync(stack, "athena");
        _cli = new Cli(stack.Kafka, _cloud.Environment);
    }

    public Task DisposeAsync()
    {
        _cli?.Dispose();
        _cloud?.Dispose();
        return Task.CompletedTask;
    }

    [StackFact]
    public async Task Two_lakes_of_one_topic_have_what_was_emitted_as_Athena_counts_it()
    {
        var demo = await _cli.RunAsync("demo", "--topic", _topic, "--lake", _cloud.Lake("one"), "--duration", "4s", "--symbols", "12", "--json");
        var ingest = await _cli.RunAsync("ingest", "--topic", _topic, "--lake", _cloud.Lake("deep/two"), "--database", "two_" + _topic[4..], "--until-caught-up", "--json");
        var again = await _cli.RunAsync("ingest", "--topic", _topic, "--lake", _cloud.Lake("deep/two"), "--until-caught-up", "--json");

        var emitted = demo.Balanced();
        Assert.True(ingest.Exit == 0, ingest.ToString());
        Assert.Equal(emitted.Sum(), ingest.Json.GetProperty("rows").GetInt64());
        var phases = ingest.Json.GetProperty("phases").EnumerateObject().ToList();
        Assert.Equal(["consume", "decode", "sort", "encode", "compress", "upload", "catalogue"], phases.Select(phase => phase.Name));
        Assert.All(phases, phase => Assert.True(phase.Value.GetDouble() > 0, phase.ToString()));
        Assert.True(again.Exit == 0, again.ToString());
        Assert.Equal(0, again.Json.GetProperty("rows").GetInt64());
        Assert.Equal(emitted, await _cloud.CountAsync(demo.Database));
        Assert.Equal(emitted, await _cloud.CountAsync("two_" + _topic[4..]));
        const string sums = "select sum(price * size), sum(sequence), min(ts), max(ts_event), count(distinct symbol), max(dt || hour), sum(bid_sz) from trades";
        Assert.Equal(await _cloud.AthenaAsync(demo.Database, sums), await _cloud.AthenaAsync("two_" + _topic[4..], sums));
    }

    [StackFact]
    public async Task A_replayed_file_is_figure_for_figure_what_Athena_sees()
    {
        var run = await _cli.RunAsync("replay", Cli.Sample, "--topic", _topic, "--lake", _cloud.Lake("bars"), "--json");

        Assert.True(run.Exit == 0, run.ToString());
        var rows = File.ReadLines(Cli.Sample).Skip(1).Select(line => line.Split(',')).ToList();
        var seen = Assert.Single(await _cloud.AthenaAsync(run.Database, "select count(*), sum(close), min(dt), max(\"interval\") from bars"));
        Assert.Equal($"{rows.Count}", seen[0]);
        Assert.Equal(rows.Sum(r => decimal.Round(decimal.Parse(r[5], System.Globalization.NumberStyles.Float), 9)), decimal.Parse(seen[1]));
        Assert.Equal((rows.Min(r => r[1][..4]), "1d"), (seen[2], seen[3]));
    }

    [StackFact]
    public async Task Both_engines_count_a_lake_and_one_that_misses_a_partition_is_found_out()
    {
        var lake = _cloud.Lake("lake");
        var demo = await _cli.RunAsync("demo", "--topic", _topic, "--lake", lake, "--duration", "3s", "--symbols", "6", "--flush-interval", "500ms", "--json");
        demo.Balanced();
        foreach (var engine in new[] { "duckdb", "athena" })
        {
            var clean = await _cli.RunAsync("audit", "--topic", _topic, "--lake", lake, "--engine", engine, "--full", "--json");
            Assert.True(clean.Exit == 0, clean.ToString());
            Assert.NotEmpty(clean.Json.GetProperty("counted").EnumerateArray());
        }

        // What was counted by an audit that found nothing is not read again, unless all is asked for.
        var again = await _cli.RunAsync("audit", "--topic", _topic, "--lake", lake, "--json");
        Assert.True(again.Exit == 0, again.ToString());
        Assert.Empty(again.Json.GetProperty("counted").EnumerateArray());

        const string sql = "select symbol, count(*), sum(price * size) from trades group by 1 order by 1";
        var answers = new List<string>();
        foreach (var engine in new[] { "duckdb", "athena" })
        {
            var answer = await _cli.RunAsync("query", sql, "--lake", lake, "--engine", engine, "--format", "csv");
            Assert.True(answer.Exit == 0, answer.ToString());
            answers.Add(answer.Out[answer.Out.IndexOf('\n')..]);
        }

        Assert.Equal(answers[0], answers[1]);

        var partition = (await _cloud.GlueAsync("GetPartitions", new { DatabaseName = demo.Database, TableName = "trades" })).GetProperty("Partitions")[0].GetProperty("Values");
        await _cloud.GlueAsync("DeletePartition", new { DatabaseName = demo.Database, TableName = "trades", PartitionValues = partition });
        var found = await _cli.RunAsync("audit", "--topic", _topic, "--lake", lake, "--engine", "athena");
        Assert.Equal(1, found.Exit);
        Assert.Contains("Catalogue:", found.Out, StringComparison.Ordinal);
        Assert.Contains("athena counts", found.Out, StringComparison.Ordinal);
    }

    [StackFact]
    public async Task Resets_and_latency_between_a_lake_and_S3_cost_time_and_nothing_else()
    {
        await using var proxy = await stack.ProxyAsync(_cloud.S3);
        var through = _cloud.Environment;
        through["AWS_ENDPOINT_URL_S3"] = $"http://{proxy.Address}";
        using var cli = new Cli(stack.Kafka, through);
        var demo = cli.Start("demo", "--topic", _topic, "--lake", _cloud.Lake("lake"), "--symbols", "8", "--flush-interval", "500ms", "--json");
        await demo.SeeAsync("in the lake", line => Cli.InTheLake(line) > 0);

        foreach (var (toxic, attributes) in new (string, object)[]
        {
            ("reset_peer", new { timeout = 0 }),
            ("latency", new { latency = LongRun.Of(1_000, 10_000), jitter = 500 }),
            ("limit_data", new { bytes = 20_000 }),
        })
        {
            // Half of the connections have it; what they carry is cut off at any place.
            await proxy.AddAsync(toxic, attributes, toxicity: 0.5);
            var before = demo.Lines.Max(Cli.InTheLake);
            await demo.SeeAsync($"more in the lake in spite of {toxic}", line => Cli.InTheLake(line) > before + 1_000);
            await proxy.RemoveAsync(toxic);
        }

        demo.Interrupt();
        await Proof.HoldsAsync(stack, _cloud, _cli, _topic, _cloud.Lake("lake"), await demo.EndAsync());
    }

    [StackFact(isLong: true)]
    public async Task A_compacted_lake_counts_the_same_also_after_its_catalogue_was_lost()
    {
        var demo = await _cli.RunAsync("demo", "--topic", _topic, "--lake", _cloud.Lake("lake"), "--duration", "3s", "--symbols", "6", "--flush-interval", "500ms", "--compact", "--json");
        var emitted = demo.Balanced();
        const string outside = "select count(*) from trades where \"$path\" not like '%/compacted/%'";

        Assert.Equal(emitted, await _cloud.CountAsync(demo.Database));
        Assert.Equal([["0"]], await _cloud.AthenaAsync(demo.Database, outside));

        await _cloud.GlueAsync("DeleteDatabase", new { Name = demo.Database });
        var rebuilt = await _cli.RunAsync("catalogue", "rebuild", "--lake", _cloud.Lake("lake"));
        Assert.True(rebuilt.Exit == 0, rebuilt.ToString());
        Assert.Equal(emitted, await _cloud.CountAsync(demo.Database));
        Assert.Equal([["0"]], await _cloud.AthenaAsync(demo.Database, outside));
    }

    [StackFact]
    public async Task What_is_wrong_with_bucket_credentials_or_database_is_told_with_its_remedy()
    {
        Assert.Equal(0, (await _cli.RunAsync("demo", "--topic", _topic, "--lake", _cloud.Lake("lake"), "--duration", "1s", "--database", "db_" + _topic[4..])).Exit);
        var strange = _cloud.Environment;
        strange["AWS_SECRET_ACCESS_KEY"] = "guessed";
        using var stranger = new Cli(stack.Kafka, strange);

        var noBucket = await _cli.RunAsync("demo", "--topic", _topic, "--lake", "s3://no-such-bucket-here/lake", "--duration", "1s");
        var noKey = await stranger.RunAsync("ingest", "--topic", _topic, "--lake", _cloud.Lake("lake"), "--until-caught-up");
        var others = await _cli.RunAsync("ingest", "--topic", _topic, "--lake", _cloud.Lake("another"), "--database", "db_" + _topic[4..], "--until-caught-up");
        var mismatch = await _cli.RunAsync("ingest", "--topic", _topic, "--lake", _cloud.Lake("lake"), "--database", "elsewhere", "--until-caught-up");

        Named(noBucket, "s3://no-such-bucket-here/lake.*NoSuchBucket.*create-bucket");
        Named(noKey, "credentials are not accepted.*AWS_ACCESS_KEY_ID");
        Named(others, $"belongs to another lake.*{_cloud.Lake("lake")}.*--database");
        Named(mismatch, $"db_{_topic[4..]}.*elsewhere.*rebuild");

        static void Named(Cli.Run run, string pattern)
        {
            Assert.True(run.Exit == 1, run.ToString());
            Assert.Matches(pattern, run.Error);
            Assert.DoesNotContain("fault of this program", run.Error, StringComparison.Ordinal);
        }
    }
}
