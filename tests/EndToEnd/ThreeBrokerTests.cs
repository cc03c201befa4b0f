using System.Text.RegularExpressions;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace StockActors.EndToEnd;

/// <summary>The executable on a Kafka that loses a broker and goes on.</summary>
[Collection(LogCollection.Name)]
public sealed class ThreeBrokerTests(ThreeBrokers brokers) : IClassFixture<ThreeBrokers>, IDisposable
{
    private readonly Cli _cli = new(brokers.Kafka);
    private readonly string _topic = $"three-{Guid.NewGuid():N}"[..20];

    public void Dispose() => _cli.Dispose();

    [StackFact(isLong: true)]
    public async Task One_of_three_brokers_is_killed_and_comes_back_and_lanes_change_their_leaders_and_nothing_is_lost()
    {
        var demo = _cli.Start("demo", "--topic", _topic, "--symbols", "8", "--flush-interval", "1s");
        await demo.SeeAsync("in the lake", line => Regex.IsMatch(line, "in the lake +[1-9]"));

        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = brokers.Kafka }).SetLogHandler((_, _) => { }).Build();
        var lost = Leaders(admin)[0];
        var killed = DateTime.UtcNow;
        await brokers.RunAsync("kill", $"kafka-{lost}");
        await MorePublishedAsync(demo);
        Assert.DoesNotContain(lost, Leaders(admin));

        // Back on the broker that the lanes prefer: they change their leaders while they are published, and nobody has died.
        await brokers.RunAsync("up", "kafka");
        await ElectAsync(admin, lost);
        await MorePublishedAsync(demo);
        demo.Interrupt();
        var run = await demo.EndAsync();

        Assert.True(run.Exit == 0, run.ToString());
        Assert.Contains("The balance holds", run.Out, StringComparison.Ordinal);
        var records = await TopicRecords.ReadAsync(brokers.Kafka, _topic);
        records.AssertWhole();
        // Nine of them pass until the controller believes that a broker is dead.
        Assert.InRange(records.SilenceAt(killed), TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    private static async Task MorePublishedAsync(Cli.Running demo)
    {
        var before = demo.Lines.Max(Cli.Published);
        await demo.SeeAsync("more published than before", line => Cli.Published(line) > before + 2_000);
    }

    private List<int> Leaders(IAdminClient admin) =>
        [.. admin.GetMetadata(_topic, TimeSpan.FromSeconds(20)).Topics[0].Partitions.OrderBy(p => p.PartitionId).Select(p => p.Leader)];

    /// <summary>Once the broker is in sync again, the lanes that prefer it are led by it again.</summary>
    private async Task ElectAsync(IAdminClient admin, int leader)
    {
        for (var limit = DateTime.UtcNow + TimeSpan.FromMinutes(1); !Leaders(admin).Contains(leader); await Task.Delay(200))
        {
            Assert.True(DateTime.UtcNow < limit, $"broker {leader} leads no lane again");
            try
            {
                await admin.ElectLeadersAsync(ElectionType.Preferred, Enumerable.Range(0, 4).Select(lane => new TopicPartition(_topic, lane)));
            }
            catch (ElectLeadersException)
            {
                // Not in sync yet.
            }
        }
    }
}
