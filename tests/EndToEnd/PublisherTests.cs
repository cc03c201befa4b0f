using System.Globalization;

namespace StockActors.EndToEnd;

/// <summary>Publishers that are killed, paused, moved and sent away: whatever happens to them, per symbol every sequence is in the log once.</summary>
[Collection(StackCollection.Name)]
public sealed class PublisherTests(Stack stack) : IDisposable
{
    private readonly Cli _cli = new(stack.Kafka);
    private readonly string _topic = $"pub-{Guid.NewGuid():N}"[..20];

    public void Dispose() => _cli.Dispose();

    [StackFact]
    public async Task Nodes_share_the_lanes_of_a_run_and_go_on_when_one_is_killed_one_joins_and_one_leaves()
    {
        var seeds = $"127.0.0.1:{Stack.FreePort()},127.0.0.1:{Stack.FreePort()}";
        var first = Node(seeds.Split(',')[0]);
        await first.SeeAsync("First ticks");
        var second = Node(seeds.Split(',')[1]);
        await second.SeeAsync("First ticks");
        await EverySymbolIsShownByAsync(seeds.Split(',')[0]);
        await EverySymbolIsShownByAsync(seeds.Split(',')[1]);

        // The first is the oldest, and so the one whose place is hardest to take.
        var killed = DateTime.UtcNow;
        first.Signal("KILL");
        await AllLanesPublishedAfterAsync(killed);
        var third = Node($"127.0.0.1:{Stack.FreePort()}");
        await third.SeeAsync("First ticks");
        var left = DateTime.UtcNow;
        second.Signal("TERM");
        var run = await second.EndAsync();
        Assert.True(run.Exit == 0, run.ToString());
        await AllLanesPublishedAfterAsync(left);
        third.Interrupt();
        run = await third.EndAsync();
        Assert.True(run.Exit == 0, run.ToString());

        var records = await TopicRecords.ReadAsync(stack.Kafka, _topic);
        records.AssertWhole();
        Assert.InRange(records.SilenceAt(killed), TimeSpan.Zero, TimeSpan.FromSeconds(LongRun.Of(30, 15)));
        Assert.InRange(records.SilenceAt(left), TimeSpan.Zero, TimeSpan.FromSeconds(LongRun.Of(10, 3)));

        Cli.Running Node(string address) => _cli.Start(
            "node", "--roles", "market", "--port", address.Split(':')[1], "--seed-nodes", seeds, "--topic", _topic, "--symbols", "12");
    }

    [StackFact]
    public async Task A_publisher_that_wakes_up_after_its_lanes_were_taken_over_publishes_nothing_more_and_says_why()
    {
        string[] demo = ["demo", "--roles", "market", "--topic", _topic, "--symbols", "8"];
        var paused = _cli.Start(demo);
        await paused.SeeAsync("more than a little", line => Cli.Published(line) > 1_000);
        paused.Signal("STOP");
        var other = _cli.Start(demo);
        await other.SeeAsync("more than a little", line => Cli.Published(line) > 1_000);
        paused.Signal("CONT");
        var fenced = await paused.EndAsync();
        var before = other.Lines.Max(Cli.Published);
        await other.SeeAsync("more published than before", line => Cli.Published(line) > before + 1_000);
        other.Interrupt();
        var run = await other.EndAsync();

        Assert.True(run.Exit == 0, run.ToString());
        Assert.Equal(1, fenced.Exit);
        Assert.Contains("taken over by another publisher", fenced.Error, StringComparison.Ordinal);
        (await TopicRecords.ReadAsync(stack.Kafka, _topic)).AssertWhole();
    }

    [StackFact]
    public async Task An_open_transaction_that_nobody_ends_holds_up_its_own_lane_and_no_start()
    {
        string[] demo = ["demo", "--roles", "market", "--topic", _topic, "--symbols", "8"];
        var first = _cli.Start(demo);
        await first.SeeAsync("more than a little", line => Cli.Published(line) > 1_000);
        first.Interrupt();
        Assert.Equal(0, (await first.EndAsync()).Exit);

        // The partition in which a run's identity is, and lane 0's progress.
        using var stranger = stack.OpenTransaction($"{_topic}.progress");

        var second = _cli.Start(demo);
        await second.SeeAsync("other lanes are published", line => Cli.Published(line) > 1_000);
        stranger.AbortTransaction();
        var moment = DateTime.UtcNow;
        await AllLanesPublishedAfterAsync(moment);
        second.Interrupt();
        var run = await second.EndAsync();

        Assert.True(run.Exit == 0, run.ToString());
        (await TopicRecords.ReadAsync(stack.Kafka, _topic)).AssertWhole();
    }

    [StackFact]
    public async Task A_node_that_sleeps_until_the_others_have_its_lanes_wakes_up_to_publish_nothing_more_and_says_why()
    {
        int[] ports = [Stack.FreePort(), Stack.FreePort(), Stack.FreePort()];
        var nodes = new List<Cli.Running>();
        foreach (var port in ports)
        {
            nodes.Add(_cli.Start(
                "node", "--roles", "market", "--port", $"{port}", "--seed-nodes", string.Join(',', ports.Select(p => $"127.0.0.1:{p}")), "--topic", _topic, "--symbols", "12"));
            await nodes[^1].SeeAsync("First ticks");
        }

        var asleep = DateTime.UtcNow;
        nodes[2].Signal("STOP");
        await AllLanesPublishedAfterAsync(asleep);
        // By then those who settled matters have let the lease go, and it is the sleeper's for the asking.
        await Task.Delay(TimeSpan.FromSeconds(LongRun.Of(8, 30)));
        nodes[2].Signal("CONT");
        var awake = DateTime.UtcNow;
        var woken = await nodes[2].EndAsync();
        await AllLanesPublishedAfterAsync(awake);
        foreach (var node in nodes.Take(2))
        {
            node.Interrupt();
            var run = await node.EndAsync();
            Assert.True(run.Exit == 0, run.ToString());
        }

        Assert.Equal(1, woken.Exit);
        Assert.True(woken.Error.Contains($"error: The cluster has put this node, stockactors@127.0.0.1:{ports[2]}, down", StringComparison.Ordinal), woken.ToString());
        (await TopicRecords.ReadAsync(stack.Kafka, _topic)).AssertWhole();
    }

    [StackFact]
    public async Task Two_runs_with_prefixes_of_their_own_publish_to_a_topic_at_the_same_time()
    {
        var demos = new[] { "one", "two" }.Select((name, n) => _cli.Start(
            "demo", "--roles", "market", "--topic", _topic, "--symbols", "8", "--seed", $"{n}", "--run", name, "--prefix", name)).ToList();
        foreach (var demo in demos)
            await demo.SeeAsync("more than a little", line => Cli.Published(line) > 3_000);
        foreach (var demo in demos)
            demo.Interrupt();
        foreach (var demo in demos)
        {
            var run = await demo.EndAsync();
            Assert.True(run.Exit == 0, run.ToString());
        }

        var records = await TopicRecords.ReadAsync(stack.Kafka, _topic);
        records.AssertWhole();
        Assert.Equal(["one", "two"], records.Runs);
    }

    [StackFact]
    public async Task A_run_killed_at_any_instant_is_in_the_log_as_one_that_never_was()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var life = 0; life < LongRun.Of(2, 20); life++)
        {
            var killed = Demo(_topic);
            await Task.WhenAny(killed.EndAsync(), Task.Delay(random.Next(300, 4_000)));
            killed.Signal("KILL");
            await killed.EndAsync();
        }

        await EndedAsync(Demo(_topic));
        await EndedAsync(Demo(_topic + "-whole"));

        var (killedRun, whole) = (await TopicRecords.ReadAsync(stack.Kafka, _topic), await TopicRecords.ReadAsync(stack.Kafka, _topic + "-whole"));
        killedRun.AssertWhole();
        whole.AssertWhole();
        Assert.Equal(whole.BySymbol.Keys.Order(), killedRun.BySymbol.Keys.Order());
        foreach (var (symbol, expected) in whole.BySymbol)
        {
            var common = Math.Min(expected.Count, killedRun.BySymbol[symbol].Count);
            Assert.True(common > 10, $"seed {seed}: {symbol} has {common} records to compare");
            Assert.True(expected.Take(common).SequenceEqual(killedRun.BySymbol[symbol].Take(common)), $"seed {seed}: the records of {symbol} differ");
        }

        Cli.Running Demo(string topic) => _cli.Start("demo", "--roles", "market", "--topic", topic, "--symbols", "10", "--speed", "600x", "--run", "killed");

        static async Task EndedAsync(Cli.Running demo)
        {
            await demo.SeeAsync("more than a little", line => Cli.Published(line) > LongRun.Of(3_000, 10_000));
            demo.Interrupt();
            var run = await demo.EndAsync();
            Assert.True(run.Exit == 0, run.ToString());
        }
    }

    [StackFact]
    public async Task A_run_that_is_started_as_another_one_is_told_what_differs()
    {
        var begun = await _cli.RunAsync("demo", "--roles", "market", "--topic", _topic, "--run", "mine", "--duration", "1s");
        Assert.True(begun.Exit == 0, begun.ToString());

        var other = await _cli.RunAsync("demo", "--roles", "market", "--topic", _topic, "--run", "mine", "--duration", "1s", "--seed", "2", "--symbols", "21");

        Assert.Equal(1, other.Exit);
        Assert.Contains("seed was 1, now 2", other.Error, StringComparison.Ordinal);
        Assert.Contains("symbols was 20, now 21", other.Error, StringComparison.Ordinal);
        Assert.Contains("--run", other.Error, StringComparison.Ordinal);
    }

    [StackFact]
    public async Task A_node_that_finds_no_cluster_and_one_without_a_Kafka_say_so()
    {
        var alone = await _cli.RunAsync("node", "--roles", "analytics", "--seed-nodes", $"127.0.0.1:{Stack.FreePort()}", "--topic", _topic, "--join-timeout", "3s");
        using var none = new Cli();
        var without = await none.RunAsync("node");

        Assert.Equal(1, alone.Exit);
        Assert.Contains("--seed-nodes", alone.Error, StringComparison.Ordinal);
        Assert.Equal(1, without.Exit);
        Assert.Contains("KAFKA_BOOTSTRAP_SERVERS", without.Error, StringComparison.Ordinal);
    }

    /// <summary>Whichever node is asked, wherever in the cluster the lanes are.</summary>
    private async Task EverySymbolIsShownByAsync(string node)
    {
        for (var limit = DateTime.UtcNow + TimeSpan.FromMinutes(1); ; await Task.Delay(500))
        {
            var shown = await _cli.RunAsync("market", "show", "--node", node, "--json");
            Assert.True(shown.Exit == 0, shown.ToString());
            var lanes = shown.Json.GetProperty("lanes").EnumerateArray().ToList();
            if (lanes.Count == 4 && lanes.Sum(lane => lane.GetProperty("markets").GetArrayLength()) == 12)
                return;
            Assert.True(DateTime.UtcNow < limit, shown.ToString());
        }
    }

    private async Task AllLanesPublishedAfterAsync(DateTime moment)
    {
        for (var limit = DateTime.UtcNow + TimeSpan.FromMinutes(2); ; await Task.Delay(500))
        {
            var now = await TopicRecords.ReadAsync(stack.Kafka, _topic);
            if (now.PublishedAfter(moment) == 4)
                return;
            Assert.True(DateTime.UtcNow < limit, string.Create(CultureInfo.InvariantCulture, $"{now.PublishedAfter(moment)} of 4 lanes were published after {moment:O}"));
        }
    }
}
