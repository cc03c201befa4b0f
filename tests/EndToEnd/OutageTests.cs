using System.Text.RegularExpressions;

namespace StockActors.EndToEnd;

/// <summary>Services that are killed or stopped, and come back: that costs time and nothing else.</summary>
[Collection(OutageCollection.Name)]
public sealed class OutageTests(Stack stack) : IAsyncLifetime
{
    private readonly string _topic = $"out-{Guid.NewGuid():N}"[..20];
    private Cloud _cloud = null!;
    private Cli _cli = null!;

    private string Lake => _cloud.Lake("lake");

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

    [StackFact(isLong: true)]
    public async Task A_broker_that_is_killed_and_comes_back_costs_time_and_nothing_else()
    {
        var demo = _cli.Start("demo", "--topic", _topic, "--symbols", "8", "--flush-interval", "1s");
        await demo.SeeAsync("in the lake", line => Regex.IsMatch(line, "in the lake +[1-9]"));
        await Stack.RunAsync("kill", "kafka");
        await Stack.RunAsync("up", "kafka");
        var before = demo.Lines.Max(Cli.Published);
        await demo.SeeAsync("more published than before", line => Cli.Published(line) > before + 2_000);
        demo.Interrupt();
        var run = await demo.EndAsync();

        Assert.True(run.Exit == 0, run.ToString());
        Assert.Contains("The balance holds", run.Out, StringComparison.Ordinal);
        await Proof.HoldsAsync(stack, _cli, _topic, "lake");
    }

    [StackFact]
    public async Task A_gateway_that_is_killed_and_comes_back_costs_time_and_nothing_else()
    {
        var demo = _cli.Start("demo", "--topic", _topic, "--lake", Lake, "--symbols", "8", "--flush-interval", "500ms", "--json");
        await demo.SeeAsync("in the lake", line => Regex.IsMatch(line, "in the lake +[1-9]"));
        for (var kill = 0; kill < LongRun.Of(1, 6); kill++)
        {
            await Stack.RunAsync("kill", "s3");
            var before = demo.Lines.Max(Cli.Published);
            await demo.SeeAsync("more published while it is away", line => Cli.Published(line) > before + 2_000);
            await Stack.RunAsync("up", "s3");
            before = demo.Lines.Max(Cli.InTheLake);
            await demo.SeeAsync("more in the lake than before", line => Cli.InTheLake(line) > before);
        }

        demo.Interrupt();
        await ProvenAsync(await demo.EndAsync());
    }

    [StackFact]
    public async Task An_ingest_tells_that_it_waits_for_S3_and_goes_on_however_long_that_was()
    {
        await using var proxy = await stack.ProxyAsync(_cloud.S3);
        var through = _cloud.Environment;
        through["AWS_ENDPOINT_URL_S3"] = $"http://{proxy.Address}";
        using var cli = new Cli(stack.Kafka, through);
        var market = cli.Start("demo", "--roles", "market", "--topic", _topic, "--symbols", "8");
        await market.SeeAsync("First ticks");
        var ingest = cli.Start("ingest", "--topic", _topic, "--lake", _cloud.Lake("lake"), "--flush-interval", "500ms");
        await ingest.SeeAsync("rows", line => Rows(line) > 0);

        // Silent: nothing comes back, and no connection breaks.
        await proxy.CutAsync();
        Assert.Contains("nothing is lost", await ingest.SeeAsync($"S3 at http://{proxy.Address} is waited for"), StringComparison.Ordinal);
        await proxy.MendAsync();
        await ingest.SeeAsync("answers again");
        await MoreAsync();

        // Away, in the long run for longer than anything is asked again.
        await Stack.RunAsync("kill", "s3");
        await ingest.SeeAsync("told twice", line => line.Contains("the last error", StringComparison.Ordinal));
        await Task.Delay(TimeSpan.FromSeconds(LongRun.Of(0, 150)));
        await Stack.RunAsync("up", "s3");
        await MoreAsync();
        market.Interrupt();
        var published = await market.EndAsync();
        Assert.True(published.Exit == 0, published.ToString());
        ingest.Interrupt();
        var run = await ingest.EndAsync();
        Assert.True(run.Exit == 0, run.ToString());
        var rest = await cli.RunAsync("ingest", "--topic", _topic, "--lake", _cloud.Lake("lake"), "--until-caught-up");
        Assert.True(rest.Exit == 0, rest.ToString());
        var audit = await cli.RunAsync("audit", "--topic", _topic, "--lake", _cloud.Lake("lake"), "--full");
        Assert.True(audit.Exit == 0, audit.ToString());

        async Task MoreAsync()
        {
            var before = ingest.Lines.Max(Rows);
            await ingest.SeeAsync("more rows than before", line => Rows(line) > before);
        }

        static long Rows(string line) => Regex.Match(line, @"^ *([\d,]+) rows in") is { Success: true } found
            ? long.Parse(found.Groups[1].Value, System.Globalization.NumberStyles.AllowThousands, System.Globalization.CultureInfo.InvariantCulture)
            : 0;
    }

    [StackFact]
    public async Task Glue_that_is_away_for_a_while_costs_time_and_nothing_else()
    {
        var demo = _cli.Start("demo", "--topic", _topic, "--lake", Lake, "--symbols", "8", "--speed", "600x", "--flush-interval", "500ms", "--json");
        await demo.SeeAsync("in the lake", line => Regex.IsMatch(line, "in the lake +[1-9]"));
        await Stack.RunAsync("down", "aws");

        // An hour of simulated time is six seconds: a partition that Glue does not have yet comes up meanwhile.
        await Task.Delay(TimeSpan.FromSeconds(LongRun.Of(8, 30)));
        await Stack.RunAsync("up", "aws");
        var before = demo.Lines.Max(Cli.InTheLake);
        await demo.SeeAsync("more in the lake than before", line => Cli.InTheLake(line) > before);
        demo.Interrupt();
        var run = await demo.EndAsync();

        await ProvenAsync(run);
        var hours = await _cloud.AthenaAsync(run.Database, "select distinct dt, hour from quotes");
        Assert.True(hours.Count > 1, "no partition came up while Glue was away");
    }

    [StackFact]
    public async Task A_catalogue_that_was_lost_in_a_crash_is_told_and_is_made_again_from_the_chains()
    {
        var demo = _cli.Start("demo", "--topic", _topic, "--lake", Lake, "--speed", "600x", "--symbols", "3", "--flush-interval", "500ms");
        await demo.SeeAsync("the second hour", line => Regex.IsMatch(line, "T1[5-9]:.*in the lake"));

        // Killed, it has what it had when it was last stopped: of this lake nothing.
        await Stack.RunAsync("kill", "aws");
        await Stack.RunAsync("up", "aws");
        var lost = await demo.EndAsync();
        var audit = await _cli.RunAsync("audit", "--topic", _topic, "--lake", Lake);
        var rebuilt = await _cli.RunAsync("catalogue", "rebuild", "--lake", Lake, "--json");
        var again = await _cli.RunAsync("catalogue", "rebuild", "--lake", Lake, "--json");
        var rest = await _cli.RunAsync("ingest", "--topic", _topic, "--lake", Lake, "--until-caught-up");

        Assert.Equal(1, lost.Exit);
        Assert.Matches("gone from the Glue database.*catalogue rebuild", lost.Error);
        Assert.Equal(1, audit.Exit);
        Assert.True(rebuilt.Exit == 0, rebuilt.ToString());
        Assert.True(rebuilt.Json.GetProperty("made").GetInt32() > 3, rebuilt.ToString());
        Assert.Equal(rebuilt.Json.GetProperty("partitions").GetInt32(), rebuilt.Json.GetProperty("made").GetInt32());
        Assert.Equal(0, again.Json.GetProperty("made").GetInt32());
        Assert.True(rest.Exit == 0, rest.ToString());
        await Proof.HoldsAsync(stack, _cloud, _cli, _topic, Lake, rest.Database);
    }

    private async Task ProvenAsync(Cli.Run run) => await Proof.HoldsAsync(stack, _cloud, _cli, _topic, Lake, run);
}
