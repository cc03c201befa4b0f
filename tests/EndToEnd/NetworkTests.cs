using System.Text.RegularExpressions;
using Confluent.Kafka;
using StockActors.Pipeline;
using StockActors.Pipeline.Settings;

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

    [StackFact]
    public async Task A_group_that_could_not_be_asked_after_while_the_network_was_cut_is_asked_after_again()
    {
        await using var proxy = await stack.ProxyAsync();
        using var log = await KafkaLog.ConnectAsync(new KafkaSettings(proxy.Address, new Dictionary<string, string>()), null, CancellationToken.None);
        var topic = await log.EnsureAsync(_topic, 4, CancellationToken.None);
        using var gone = Join(new MemberProcess(MemberProcess.Current.Place, int.MaxValue, "0"));
        using var other = Join(MemberProcess.Current);
        await OrphansAreThoseOfTheGoneAsync();

        for (var time = 0; time < LongRun.Of(3, 10); time++)
        {
            await proxy.ResetPeersAsync();
            // The first fails with the connection it was asked on; the next waits for another until its time is over.
            for (var i = 0; i < 2; i++)
                Assert.Empty(await log.OrphansAsync(topic, _topic, CancellationToken.None));
            await proxy.RemoveAsync("reset_peer");
            await OrphansAreThoseOfTheGoneAsync();
        }

        IConsumer<Ignore, Ignore> Join(MemberProcess process)
        {
            var config = new ConsumerConfig { BootstrapServers = stack.Kafka, GroupId = _topic, ClientId = process.ClientId };
            var member = new ConsumerBuilder<Ignore, Ignore>(config).SetLogHandler((_, _) => { }).Build();
            member.Subscribe(_topic);
            return member;
        }

        async Task OrphansAreThoseOfTheGoneAsync()
        {
            IReadOnlyList<int> orphans;
            do
            {
                gone.Consume(TimeSpan.FromMilliseconds(100));
                other.Consume(TimeSpan.FromMilliseconds(100));
                orphans = await log.OrphansAsync(topic, _topic, CancellationToken.None);
            }
            while (orphans.Count != 2 || gone.Assignment.Count != 2);

            Assert.Equal(gone.Assignment.Select(p => p.Partition.Value).Order(), orphans.Order());
        }
    }

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
