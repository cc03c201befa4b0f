using System.Globalization;
using System.Text.Json;

namespace StockActors.EndToEnd;

/// <summary>Jobs on a cluster whose nodes are killed and leave.</summary>
[Collection(StackCollection.Name)]
public sealed class JobsTests(Stack stack) : IDisposable
{
    // A second or so of work that reads nothing, every other second: so a runner that is stopped is nearly always stopped in the middle of it.
    private const string Jobs =
        """
        { "jobs": [
          {
            "name": "ticker", "schedule": "*/2 * * * * *", "retryAfter": "100ms",
            "sql": "select {slot} as slot_name, {slot.from} as from_ns, count(*) as n from range(60000000) t(i) where hash(i) % 2 < 2",
            "table": "ticker", "partition": ["slot"]
          }
        ] }
        """;

    private readonly Cli _cli = new(stack.Kafka);
    private readonly string _topic = $"e2e-{Guid.NewGuid():N}"[..20];
    private readonly int[] _ports = [Stack.FreePort(), Stack.FreePort(), Stack.FreePort()];

    public void Dispose() => _cli.Dispose();

    [StackFact]
    public async Task A_runner_that_is_killed_in_the_middle_of_a_job_and_one_that_leaves_have_each_slots_result_stand_once()
    {
        await File.WriteAllTextAsync(Path.Combine(_cli.Directory, "jobs.json"), Jobs);
        var nodes = Enumerable.Range(0, _ports.Length).ToDictionary(port => port, Node);
        await Task.WhenAll(nodes.Values.Select(node => node.SeeAsync("in the cluster")));

        // As one of a publisher that was killed in the middle of a commit: who goes on is settled past it.
        using var stranger = stack.OpenTransaction($"{_topic}.progress");

        // In order first: what it runs is given back, and it leaves.
        var (released, runner) = await BegunAsync(nodes);
        nodes[runner].Interrupt();
        await LeftAsync(runner);
        await PublishedAsync(released);
        var killed = new List<string>();
        for (var round = 0; round < LongRun.Of(2, 8); round++)
        {
            (var slot, runner) = await BegunAsync(nodes);
            killed.Add(slot);
            nodes[runner].Signal("KILL");
            await nodes[runner].EndAsync();
            nodes.Remove(runner);
            await PublishedAsync(slot);
            if (round + 1 < LongRun.Of(2, 8))
            {
                nodes[runner] = Node(runner);
                await nodes[runner].SeeAsync("in the cluster");
            }
        }

        foreach (var port in nodes.Keys.ToList())
        {
            nodes[port].Interrupt();
            await LeftAsync(port);
        }

        var slots = await _cli.QueryAsync("select strftime(slot_from, '%Y%m%dT%H%M%SZ') slot, state, attempts, rows from jobs order by slot_from");
        var finished = slots.TakeWhile(slot => slot["state"].GetString() == "finished").ToList();

        // The last one may have been given back.
        Assert.True(slots.Count - finished.Count <= 1, string.Join('\n', slots.Select(slot => string.Join(' ', slot.Values))));
        Assert.All(killed, slot => Assert.Equal(2, finished.Single(f => f["slot"].GetString() == slot)["attempts"].GetInt64()));
        Assert.All(finished.Zip(finished.Skip(1)), pair => Assert.Equal(TimeSpan.FromSeconds(2), Time(pair.Second) - Time(pair.First)));
        var rows = await _cli.QueryAsync("select slot, slot_name, from_ns, n from ticker order by slot");
        Assert.Equal(finished.Select(f => f["slot"].GetString()), rows.Select(row => row["slot"].GetString()));
        Assert.All(rows, row => Assert.Equal((row["slot"].GetString(), 60_000_000L), (row["slot_name"].GetString(), row["n"].GetInt64())));

        async Task LeftAsync(int port)
        {
            var left = await nodes[port].EndAsync();
            Assert.True(left.Exit == 0, left.ToString());
            nodes.Remove(port);
        }
    }

    private static DateTime Time(Dictionary<string, JsonElement> slot) =>
        DateTime.ParseExact(slot["slot"].GetString()!, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private Cli.Running Node(int port) => _cli.Start(
        "node", "--roles", "analytics", "--port", $"{_ports[port]}", "--seed-nodes", string.Join(',', _ports.Select(p => $"127.0.0.1:{p}")), "--topic", _topic, "--jobs", "jobs.json");

    /// <summary>The next slot that a node begins, and which.</summary>
    private async Task<(string Slot, int Port)> BegunAsync(Dictionary<int, Cli.Running> nodes)
    {
        var known = Entries().Keys.ToHashSet();
        var slot = (await UntilAsync(() => Entries().Where(log => log.Value == 1 && !known.Contains(log.Key)).Select(log => log.Key).FirstOrDefault()))!;
        using var claim = JsonDocument.Parse(await File.ReadAllTextAsync(Entry(slot, 0)));
        var process = claim.RootElement.GetProperty("by").GetString()!.Split('/')[0].Split(':')[1];
        return (slot, nodes.Single(node => $"{node.Value.Id}" == process).Key);
    }

    /// <summary>A claim that came to something has a finish and a publication behind it.</summary>
    private async Task PublishedAsync(string slot) => await UntilAsync(() => File.Exists(Entry(slot, Entries()[slot] - 1)) && File.ReadAllText(Entry(slot, Entries()[slot] - 1)).Contains("\"publish\"", StringComparison.OrdinalIgnoreCase) ? slot : null);

    /// <summary>How many entries each slot's log has.</summary>
    private Dictionary<string, int> Entries() => Directory.Exists(Log)
        ? Directory.GetDirectories(Log).ToDictionary(slot => Path.GetFileName(slot), slot => Directory.GetFiles(slot, "*.json").Length)
        : [];

    private string Log => Path.Combine(_cli.Directory, "lake", "_jobs", "ticker");

    private string Entry(string slot, int n) => Path.Combine(Log, slot, $"{n:D6}.json");

    private static async Task<string?> UntilAsync(Func<string?> found)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            if (found() is { } what)
                return what;
            await Task.Delay(10, limit.Token);
        }
    }
}
