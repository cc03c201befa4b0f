using System.Diagnostics;
using System.Text.Json;
using Amazon.S3.Model;
using Xunit.Abstractions;

namespace StockActors.EndToEnd;

/// <summary>Ingests that are killed, paused, and served badly while ticks flow: each row comes into the lake once, whoever counts.</summary>
[Collection(LakeCollection.Name)]
public sealed class RealityTests(Stack stack, ITestOutputHelper output) : IAsyncLifetime
{
    private readonly string _topic = $"real-{Guid.NewGuid():N}"[..20];
    private Cloud _cloud = null!;
    private Cli _cli = null!;

    private string Lake => _cloud.Lake("lake");

    private string Database => "db_" + _topic[5..];

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
    public async Task An_ingest_that_is_killed_at_any_instant_brings_every_tick_into_the_lake_once()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        output.WriteLine($"seed {seed}");
        var market = Market("--symbols", "40", "--speed", LongRun.Of("60x", "100x"));
        await market.SeeAsync("First ticks");
        var (kills, ticks) = (LongRun.Of(2, 30), LongRun.Of(0, 5_000_000));
        for (var kill = 0; kill < kills || market.Lines.Max(Cli.Published) < ticks; kill++)
        {
            var ingest = Ingest();
            // Most die while they write, the others at any time after their start.
            if (random.Next(4) > 0)
                await ingest.SeeAsync("rows", HasRows);
            await Task.Delay(random.Next(2_000));
            ingest.Signal("KILL");
            Assert.Equal(137, (await ingest.EndAsync()).Exit);
            output.WriteLine($"killed {kill + 1} times, {market.Lines.Max(Cli.Published):N0} ticks");
        }

        await EndedAsync(market);
        await CaughtUpAsync();
        await Proof.HoldsAsync(stack, _cloud, _cli, _topic, Lake, Database);
    }

    [StackFact]
    public async Task A_paused_ingest_loses_its_lane_to_another_and_its_claim_never_comes_back()
    {
        var market = Market("--lanes", "1", "--speed", "600x");
        await market.SeeAsync("First ticks");
        var owner = Ingest();
        await owner.SeeAsync("rows", HasRows);
        for (var round = 0; round < LongRun.Of(1, 3); round++)
        {
            var paused = Stopwatch.GetTimestamp();
            owner.Signal("STOP");
            var other = Ingest();
            await other.SeeAsync("rows", HasRows);
            var rest = TimeSpan.FromSeconds(LongRun.Of(0, 30)) - Stopwatch.GetElapsedTime(paused);
            await Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero);
            owner.Signal("CONT");

            // By its third line it has found out, and is a member like the other.
            var told = owner.Lines.Count(IsProgress);
            await owner.SeeAsync("progress after the pause", _ => owner.Lines.Count(IsProgress) > told + 2);
            await EndedAsync(owner);
            owner = other;
        }

        await EndedAsync(market);
        await EndedAsync(owner);
        await CaughtUpAsync();

        // A claim is the name of one assignment: once another one stands behind it, it has lost the lane.
        var claims = (await ClaimsAsync()).Aggregate(new List<string>(), (distinct, claim) => distinct.LastOrDefault() == claim ? distinct : [.. distinct, claim]);
        Assert.True(claims.Count > LongRun.Of(1, 3), $"only {string.Join(", ", claims)} had the lane");
        Assert.Equal(claims.Distinct(), claims);
        await Proof.HoldsAsync(stack, _cloud, _cli, _topic, Lake, Database);
    }

    [StackFact]
    public async Task Requests_turned_away_and_answers_lost_cost_time_and_nothing_else()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        await using var s3 = FaultyService.Start(_cloud.S3, seed, share: 0.08);
        await using var glue = FaultyService.Start(_cloud.Environment["AWS_ENDPOINT_URL"], seed, share: 0.08);
        var served = _cloud.Environment;
        (served["AWS_ENDPOINT_URL_S3"], served["AWS_ENDPOINT_URL"]) = (s3.Url, glue.Url);
        using var cli = new Cli(stack.Kafka, served);
        var ended = await cli.RunAsync(
            "demo", "--topic", _topic, "--lake", Lake, "--database", Database, "--symbols", "8", "--speed", "600x", "--flush-interval", "300ms",
            "--duration", LongRun.Of("5s", "60s"), "--json");

        Assert.True(ended.Exit == 0, ended.ToString());
        Assert.True(s3.Lost > 10 && s3.Refused > 5 && glue.Lost > 0, $"S3 turned {s3.Refused} away and lost {s3.Lost} answers, Glue {glue.Refused} and {glue.Lost}");
        await Proof.HoldsAsync(stack, _cloud, _cli, _topic, Lake, Database);
    }

    [SmallDiskFact]
    public async Task A_full_disk_is_told_and_the_lake_goes_on_once_there_is_room()
    {
        var market = await Market("--speed", "max", "--duration", "2s").EndAsync();
        Assert.True(market.Exit == 0, market.ToString());
        const int step = 150;
        using var disk = new SmallDisk(step);
        var lake = Path.Combine(disk.Directory, "lake");
        string[] ingest = ["ingest", "--topic", _topic, "--lake", lake, "--flush-interval", "200ms"];
        for (var round = 1; round <= LongRun.Of(2, 6); round++)
        {
            // One that is to run for ever ends too: whoever keeps it up starts it again.
            var full = await _cli.RunAsync(round == 1 ? ingest : [.. ingest, "--until-caught-up"]);
            Assert.True(full.Exit == 1, full.ToString());
            Assert.Matches($"error: {lake}/.* can't be (written|opened): No space left on device.*room", full.Error);
            Assert.DoesNotContain("fault of this program", full.Error, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFiles(Path.Combine(lake, "_tmp")));
            disk.Resize(step * (round + 1));
        }

        disk.Resize(1_000_000);
        var rest = await _cli.RunAsync([.. ingest, "--until-caught-up"]);
        Assert.True(rest.Exit == 0, rest.ToString());
        await Proof.HoldsAsync(stack, _cli, _topic, lake);
    }

    private static bool HasRows(string line) => Cli.Rows(line) > 0;

    private static bool IsProgress(string line) => line.Contains(" rows in ", StringComparison.Ordinal);

    private Cli.Running Market(params string[] args) => _cli.Start(["demo", "--roles", "market", "--topic", _topic, .. args]);

    /// <summary>One that is nearly always writing.</summary>
    private Cli.Running Ingest() => _cli.Start("ingest", "--topic", _topic, "--lake", Lake, "--database", Database, "--flush-interval", "50ms");

    private async Task CaughtUpAsync()
    {
        var rest = await _cli.RunAsync("ingest", "--topic", _topic, "--lake", Lake, "--database", Database, "--until-caught-up");
        Assert.True(rest.Exit == 0, rest.ToString());
    }

    private static async Task EndedAsync(Cli.Running running)
    {
        running.Interrupt();
        var run = await running.EndAsync();
        Assert.True(run.Exit == 0, run.ToString());
    }

    /// <summary>Who claimed each epoch of the one lane, in order.</summary>
    private async Task<List<string>> ClaimsAsync()
    {
        using var s3 = _cloud.Client();
        var claims = new List<string>();
        await foreach (var entry in s3.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = _cloud.Bucket, Prefix = "lake/_log/" }).S3Objects)
        {
            if (entry.Key.EndsWith("hint.json", StringComparison.Ordinal))
                continue;
            using var content = await s3.GetObjectAsync(_cloud.Bucket, entry.Key);
            var said = (await JsonDocument.ParseAsync(content.ResponseStream)).RootElement;
            if (said.GetProperty("kind").GetString() == "epoch")
                claims.Add(said.GetProperty("claim").GetString()!);
        }

        return claims;
    }
}
