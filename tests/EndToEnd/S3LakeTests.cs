using System.Text.RegularExpressions;

namespace StockActors.EndToEnd;

/// <summary>The executable on a real Kafka with its lake on S3 and Glue, and Athena as the judge.</summary>
[Collection(StackCollection.Name)]
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

        var emitted = Balanced(demo);
        Assert.True(ingest.Exit == 0, ingest.ToString());
        Assert.Equal(emitted.Sum(), ingest.Json.GetProperty("rows").GetInt64());
        Assert.True(again.Exit == 0, again.ToString());
        Assert.Equal(0, again.Json.GetProperty("rows").GetInt64());
        Assert.Equal(emitted, await _cloud.CountAsync(DatabaseOf(demo)));
        Assert.Equal(emitted, await _cloud.CountAsync("two_" + _topic[4..]));
        const string sums = "select sum(price * size), sum(sequence), min(ts), max(ts_event), count(distinct symbol), max(dt || hour), sum(bid_sz) from trades";
        Assert.Equal(await _cloud.AthenaAsync(DatabaseOf(demo), sums), await _cloud.AthenaAsync("two_" + _topic[4..], sums));
    }

    [StackFact]
    public async Task A_replayed_file_is_figure_for_figure_what_Athena_sees()
    {
        var run = await _cli.RunAsync("replay", Cli.Sample, "--topic", _topic, "--lake", _cloud.Lake("bars"), "--json");

        Assert.True(run.Exit == 0, run.ToString());
        var rows = File.ReadLines(Cli.Sample).Skip(1).Select(line => line.Split(',')).ToList();
        var seen = Assert.Single(await _cloud.AthenaAsync(DatabaseOf(run), "select count(*), sum(close), min(dt), max(\"interval\") from bars"));
        Assert.Equal($"{rows.Count}", seen[0]);
        Assert.Equal(rows.Sum(r => decimal.Round(decimal.Parse(r[5], System.Globalization.NumberStyles.Float), 9)), decimal.Parse(seen[1]));
        Assert.Equal((rows.Min(r => r[1][..4]), "1d"), (seen[2], seen[3]));
    }

    [StackFact]
    public async Task A_gateway_that_is_killed_and_comes_back_costs_time_and_nothing_else()
    {
        var demo = _cli.Start("demo", "--topic", _topic, "--lake", _cloud.Lake("lake"), "--symbols", "8", "--flush-interval", "500ms", "--json");
        await demo.SeeAsync("in the lake", line => Regex.IsMatch(line, "in the lake +[1-9]"));
        await Stack.RunAsync("kill", "s3");
        var before = demo.Lines.Max(Cli.Published);
        await demo.SeeAsync("more published while it is away", line => Cli.Published(line) > before + 2_000);
        await Stack.RunAsync("up", "s3");
        before = demo.Lines.Max(InTheLake);
        await demo.SeeAsync("more in the lake than before", line => InTheLake(line) > before);
        demo.Interrupt();
        await BalancedAndProvenAsync(await demo.EndAsync());
    }

    [StackFact]
    public async Task Glue_that_is_away_for_a_while_costs_time_and_nothing_else()
    {
        var demo = _cli.Start("demo", "--topic", _topic, "--lake", _cloud.Lake("lake"), "--symbols", "8", "--speed", "600x", "--flush-interval", "500ms", "--json");
        await demo.SeeAsync("in the lake", line => Regex.IsMatch(line, "in the lake +[1-9]"));
        await Stack.RunAsync("down", "aws");

        // An hour of simulated time is six seconds: a partition that Glue does not have yet comes up meanwhile.
        await Task.Delay(TimeSpan.FromSeconds(LongRun.Of(8, 30)));
        await Stack.RunAsync("up", "aws");
        var before = demo.Lines.Max(InTheLake);
        await demo.SeeAsync("more in the lake than before", line => InTheLake(line) > before);
        demo.Interrupt();
        var run = await demo.EndAsync();

        await BalancedAndProvenAsync(run);
        var hours = await _cloud.AthenaAsync(DatabaseOf(run), "select distinct dt, hour from quotes");
        Assert.True(hours.Count > 1, "no partition came up while Glue was away");
    }

    [StackFact]
    public async Task Resets_and_latency_between_a_lake_and_S3_cost_time_and_nothing_else()
    {
        await using var proxy = await stack.ProxyAsync(_cloud.S3);
        var through = _cloud.Environment;
        through["AWS_ENDPOINT_URL_S3"] = $"http://{proxy.Address}";
        using var cli = new Cli(stack.Kafka, through);
        var demo = cli.Start("demo", "--topic", _topic, "--lake", _cloud.Lake("lake"), "--symbols", "8", "--flush-interval", "500ms", "--json");
        await demo.SeeAsync("in the lake", line => InTheLake(line) > 0);

        foreach (var (toxic, attributes) in new (string, object)[]
        {
            ("reset_peer", new { timeout = 0 }),
            ("latency", new { latency = LongRun.Of(1_000, 10_000), jitter = 500 }),
            ("limit_data", new { bytes = 20_000 }),
        })
        {
            // Half of the connections have it; what they carry is cut off at any place.
            await proxy.AddAsync(toxic, attributes, toxicity: 0.5);
            var before = demo.Lines.Max(InTheLake);
            await demo.SeeAsync($"more in the lake in spite of {toxic}", line => InTheLake(line) > before + 1_000);
            await proxy.RemoveAsync(toxic);
        }

        demo.Interrupt();
        await BalancedAndProvenAsync(await demo.EndAsync());
    }

    [StackFact]
    public async Task A_catalogue_that_was_lost_in_a_crash_is_told_and_is_made_again_from_the_chains()
    {
        var demo = _cli.Start("demo", "--topic", _topic, "--lake", _cloud.Lake("lake"), "--speed", "600x", "--symbols", "3", "--flush-interval", "500ms");
        await demo.SeeAsync("the second hour", line => Regex.IsMatch(line, "T1[5-9]:.*in the lake"));

        // Killed, it has what it had when it was last stopped: of this lake nothing.
        await Stack.RunAsync("kill", "aws");
        await Stack.RunAsync("up", "aws");
        var lost = await demo.EndAsync();
        var audit = await _cli.RunAsync("audit", "--topic", _topic, "--lake", _cloud.Lake("lake"));
        var rebuilt = await _cli.RunAsync("catalogue", "rebuild", "--lake", _cloud.Lake("lake"), "--json");
        var again = await _cli.RunAsync("catalogue", "rebuild", "--lake", _cloud.Lake("lake"), "--json");
        var rest = await _cli.RunAsync("ingest", "--topic", _topic, "--lake", _cloud.Lake("lake"), "--until-caught-up");

        Assert.Equal(1, lost.Exit);
        Assert.Matches("gone from the Glue database.*catalogue rebuild", lost.Error);
        Assert.Equal(1, audit.Exit);
        Assert.True(rebuilt.Exit == 0, rebuilt.ToString());
        Assert.True(rebuilt.Json.GetProperty("made").GetInt32() > 3, rebuilt.ToString());
        Assert.Equal(rebuilt.Json.GetProperty("partitions").GetInt32(), rebuilt.Json.GetProperty("made").GetInt32());
        Assert.Equal(0, again.Json.GetProperty("made").GetInt32());
        Assert.True(rest.Exit == 0, rest.ToString());
        await Proof.HoldsAsync(stack, _cloud, _cli, _topic, _cloud.Lake("lake"), DatabaseOf(rest));
    }

    [StackFact]
    public async Task A_compacted_lake_counts_the_same_also_after_its_catalogue_was_lost()
    {
        var demo = await _cli.RunAsync("demo", "--topic", _topic, "--lake", _cloud.Lake("lake"), "--duration", "3s", "--symbols", "6", "--flush-interval", "500ms", "--compact", "--json");
        var emitted = Balanced(demo);
        const string outside = "select count(*) from trades where \"$path\" not like '%/compacted/%'";

        Assert.Equal(emitted, await _cloud.CountAsync(DatabaseOf(demo)));
        Assert.Equal([["0"]], await _cloud.AthenaAsync(DatabaseOf(demo), outside));

        await _cloud.GlueAsync("DeleteDatabase", new { Name = DatabaseOf(demo) });
        var rebuilt = await _cli.RunAsync("catalogue", "rebuild", "--lake", _cloud.Lake("lake"));
        Assert.True(rebuilt.Exit == 0, rebuilt.ToString());
        Assert.Equal(emitted, await _cloud.CountAsync(DatabaseOf(demo)));
        Assert.Equal([["0"]], await _cloud.AthenaAsync(DatabaseOf(demo), outside));
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

    private static long InTheLake(string line) => Regex.Match(line, @"in the lake +([\d,]+)") is { Success: true } found
        ? long.Parse(found.Groups[1].Value, System.Globalization.NumberStyles.AllowThousands, System.Globalization.CultureInfo.InvariantCulture)
        : 0;

    private static string DatabaseOf(Cli.Run run) => Regex.Match(run.Out + run.Error, "Glue database ([a-z0-9_]+)").Groups[1].Value;

    private async Task BalancedAndProvenAsync(Cli.Run run)
    {
        Balanced(run);
        await Proof.HoldsAsync(stack, _cloud, _cli, _topic, _cloud.Lake("lake"), DatabaseOf(run));
    }

    /// <summary>What was emitted, table by table.</summary>
    private static long[] Balanced(Cli.Run run)
    {
        Assert.True(run.Exit == 0, run.ToString());
        var balance = run.Json.GetProperty("balance");
        Assert.True(balance.GetProperty("balanced").GetBoolean(), run.ToString());
        return [.. new[] { "trades", "quotes", "status", "bars" }.Select(table => balance.GetProperty("emitted").GetProperty(table).GetInt64())];
    }
}
