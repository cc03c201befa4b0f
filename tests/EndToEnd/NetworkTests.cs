using System.Text.RegularExpressions;

namespace StockActors.EndToEnd;

/// <summary>A network that fails between the executable and its Kafka costs time and nothing else.</summary>
[Collection(LogCollection.Name)]
public sealed class NetworkTests(Stack stack)
{
    private readonly string _topic = $"net-{Guid.NewGuid():N}"[..20];

    [StackFact]
    public Task A_network_that_is_cut_both_ways_costs_time_and_nothing_else() => GoesOnAsync(async (proxy, demo) =>
    {
        await proxy.CutAsync();
        await Task.Delay(TimeSpan.FromSeconds(3));
        var cut = demo.Lines.Max(Cli.Published);
        await Task.Delay(TimeSpan.FromSeconds(LongRun.Of(5, 27)));
        // Nobody has found a way around the proxy.
        Assert.Equal(cut, demo.Lines.Max(Cli.Published));
        await proxy.MendAsync();
    });

    [StackFact]
    public Task A_slow_network_whose_connections_are_reset_again_and_again_costs_time_and_nothing_else() => GoesOnAsync(async (proxy, demo) =>
    {
        await proxy.DelayAsync(250, 100);
        for (var time = 0; time < LongRun.Of(2, 10); time++)
        {
            var before = demo.Lines.Max(Cli.Published);
            await proxy.ResetPeersAsync();
            await Task.Delay(TimeSpan.FromSeconds(1));
            await proxy.RemoveAsync("reset_peer");
            await demo.SeeAsync("more published than before the reset", line => Cli.Published(line) > before);
        }

        await proxy.RemoveAsync("latency");
    });

    private async Task GoesOnAsync(Func<Toxiproxy, Cli.Running, Task> suffer)
    {
        await using var proxy = await stack.ProxyAsync();
        using var cli = new Cli(proxy.Address);
        var demo = cli.Start("demo", "--topic", _topic, "--symbols", "8", "--flush-interval", "1s");
        await demo.SeeAsync("in the lake", line => Regex.IsMatch(line, "in the lake +[1-9]"));
        await suffer(proxy, demo);
        var before = demo.Lines.Max(Cli.Published);
        await demo.SeeAsync("more published than before", line => Cli.Published(line) > before + 2_000);
        demo.Interrupt();
        var run = await demo.EndAsync();

        Assert.True(run.Exit == 0, run.ToString());
        Assert.Contains("The balance holds", run.Out, StringComparison.Ordinal);
        (await TopicRecords.ReadAsync(stack.Kafka, _topic)).AssertWhole();
    }
}
