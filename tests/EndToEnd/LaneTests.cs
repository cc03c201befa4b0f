using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using StockActors.Market;
using StockActors.Pipeline;
using StockActors.Pipeline.Settings;

namespace StockActors.EndToEnd;

/// <summary>Lanes that stop, and what an operator does, on a real Kafka.</summary>
[Collection(LakeCollection.Name)]
public sealed class LaneTests(Stack stack) : IDisposable
{
    private readonly Cli _cli = new(stack.Kafka);
    private readonly string _topic = $"lane-{Guid.NewGuid():N}"[..20];

    public void Dispose() => _cli.Dispose();

    [StackFact]
    public async Task A_lane_whose_records_are_gone_stops_alone_and_goes_on_behind_the_gap_once_that_is_accepted()
    {
        await CreateAsync(lanes: 2);
        await ProduceAsync(0, 0, 10);
        await ProduceAsync(1, 0, 10);
        Assert.Equal(0, (await IngestAsync()).Exit);
        await ProduceAsync(0, 10, 20);
        using (var admin = Admin())
            await admin.DeleteRecordsAsync([new TopicPartitionOffset(_topic, 0, 25)]);

        var once = await IngestAsync();
        Assert.Equal(1, once.Exit);
        Assert.Contains("LogStartsAboveChain", once.Error, StringComparison.Ordinal);
        Assert.Contains("offset 25", once.Error, StringComparison.Ordinal);

        var ingest = _cli.Start("ingest", "--topic", _topic, "--flush-interval", "200ms");
        await ingest.SeeAsync("LogStartsAboveChain");
        await ProduceAsync(1, 10, 5);
        await CommittedAsync(lane: 1, 15);
        Assert.Equal("LogStartsAboveChain", (await ShowAsync(0)).GetProperty("stopped").GetProperty("reason").GetString());

        var resumed = await _cli.RunAsync("lane", "resume", "--topic", _topic, "--lane", "0");
        Assert.Contains("LogStartsAboveChain", resumed.Out, StringComparison.Ordinal);
        var accepted = await _cli.RunAsync("lane", "accept", "--topic", _topic, "--lane", "0");
        Assert.True(accepted.Exit == 0, accepted.ToString());
        Assert.Contains("offsets 10 to 25", accepted.Out, StringComparison.Ordinal);
        await CommittedAsync(lane: 0, 30);

        ingest.Interrupt();
        Assert.Equal(0, (await ingest.EndAsync()).Exit);
        Assert.Equal(30, (await _cli.QueryAsync("select * from trades")).Count);
        var audit = await _cli.RunAsync("audit", "--topic", _topic, "--full", "--engine", "duckdb", "--json");
        Assert.True(audit.Exit == 0, audit.ToString());
        Assert.Contains("given up offsets 10 to 25", audit.Out, StringComparison.Ordinal);
        Assert.Contains("nothing to accept", (await _cli.RunAsync("lane", "accept", "--topic", _topic)).Out, StringComparison.Ordinal);
    }

    [StackFact]
    public async Task A_topic_that_was_created_again_is_ingested_once_that_is_accepted()
    {
        await CreateAsync(lanes: 1);
        await ProduceAsync(0, 0, 7);
        Assert.Equal(0, (await IngestAsync()).Exit);
        using (var admin = Admin())
            await admin.DeleteTopicsAsync([_topic]);
        await CreateAsync(lanes: 1);
        await ProduceAsync(0, 100, 3);

        var refused = await IngestAsync();
        Assert.Equal(1, refused.Exit);
        Assert.Contains("TopicRecreated", refused.Error, StringComparison.Ordinal);
        Assert.Equal("TopicRecreated", (await ShowAsync(0, entries: 0)).GetProperty("stopped").GetProperty("reason").GetString());

        var accepted = await _cli.RunAsync("lane", "accept", "--topic", _topic, "--json");
        Assert.Equal(0, accepted.Json[0].GetProperty("goes_on_from").GetInt64());
        Assert.Equal(0, (await IngestAsync()).Exit);
        Assert.Equal(10, (await _cli.QueryAsync("select * from trades")).Count);
        Assert.Contains("gone from", (await _cli.RunAsync("lane", "show", "--topic", _topic)).Out, StringComparison.Ordinal);
    }

    [StackFact]
    public async Task What_can_not_be_read_is_listed_with_its_reason_and_replayed_once()
    {
        await CreateAsync(lanes: 2);
        await ProduceAsync(1, 0, 5);
        await ProduceAsync(1, ["nonsense", "{\"symbol\":1}"]);
        Assert.Equal(0, (await IngestAsync()).Exit);

        var listed = await _cli.RunAsync("dead", "list", "--topic", _topic);
        Assert.True(listed.Exit == 0, listed.ToString());
        Assert.Matches(@"^1/5 .*nonsense\n1/6 .*symbol", listed.Out);
        Assert.Equal("nonsense"u8.ToArray(), JsonDocument.Parse((await _cli.RunAsync("dead", "list", "--topic", _topic, "--count", "1", "--json")).Out).RootElement.GetProperty("value").GetBytesFromBase64());
        Assert.Empty((await _cli.RunAsync("dead", "list", "--topic", _topic, "--lane", "0")).Out);

        var audit = await _cli.RunAsync("audit", "--topic", _topic, "--full", "--json");
        Assert.True(audit.Exit == 0, audit.ToString());
        Assert.Equal(5, audit.Json.GetProperty("rows").GetProperty("all").GetInt64());

        var replayed = await _cli.RunAsync("dead", "replay", "--topic", _topic, "--json");
        Assert.True(replayed.Exit == 0, replayed.ToString());
        Assert.Equal(2, replayed.Json.GetProperty("replayed").GetInt64());
        Assert.Equal(0, (await _cli.RunAsync("dead", "replay", "--topic", _topic, "--json")).Json.GetProperty("replayed").GetInt64());
        Assert.Equal(0, (await IngestAsync()).Exit);
        Assert.Matches(@"^1/5 .*\n1/6 .*\n1/7 .*nonsense\n1/8 .*symbol", (await _cli.RunAsync("dead", "list", "--topic", _topic)).Out);
        Assert.Equal(2, (await _cli.RunAsync("dead", "replay", "--topic", _topic, "--json")).Json.GetProperty("replayed").GetInt64());
    }

    [StackFact]
    public async Task Readers_of_a_lake_that_is_compacted_while_it_is_written_see_every_row_once()
    {
        await CreateAsync(lanes: 2);
        var ingest = _cli.Start("ingest", "--topic", _topic, "--flush-interval", "100ms");
        await ingest.SeeAsync(_topic);
        var produced = 0;
        for (var round = 0; round < 3; round++)
        {
            await ProduceAsync(0, produced, 50);
            await ProduceAsync(1, produced, 50);
            produced += 50;
            await CommittedAsync(0, produced);
            await CommittedAsync(1, produced);
            var compacted = await _cli.RunAsync("compact", "--partition", "trades/dt=2025-11-17/hour=14", "--grace", "10ms", "--json");
            Assert.True(compacted.Exit == 0, compacted.ToString());
            Assert.Equal(round == 0 ? 1 : 0, compacted.Json.GetProperty("rewritten").GetArrayLength());
            Assert.Equal(produced * 2, (await _cli.QueryAsync("select distinct trade_id, symbol from trades")).Count);
        }

        ingest.Interrupt();
        Assert.Equal(0, (await ingest.EndAsync()).Exit);
        Assert.Equal(produced * 2, (await _cli.QueryAsync("select * from trades")).Count);
    }

    [StackFact]
    public async Task A_compaction_finishes_an_epoch_that_was_left_unfinished_long_ago()
    {
        await CreateAsync(lanes: 1);
        await ProduceAsync(0, 0, 10);
        await ProduceAsync(0, ["nonsense"]);
        Assert.Equal(0, (await IngestAsync()).Exit);
        var lake = Path.Combine(_cli.Directory, "lake");
        var entry = Directory.GetFiles(Path.Combine(lake, "_log"), $"{1:D20}.json", SearchOption.AllDirectories).Single();
        var claimed = await File.ReadAllTextAsync(entry);
        Assert.Contains("\"writtenAt\":\"20", claimed, StringComparison.Ordinal);
        await File.WriteAllTextAsync(entry, claimed.Replace("\"writtenAt\":\"20", "\"writtenAt\":\"19", StringComparison.Ordinal));
        File.Delete(Directory.GetFiles(Path.Combine(lake, "trades"), "*.parquet", SearchOption.AllDirectories).Single());

        var compacted = await _cli.RunAsync("compact", "--partition", "trades/dt=2025-11-17/hour=14", "--grace", "10ms", "--json");
        Assert.True(compacted.Exit == 0, compacted.ToString());
        Assert.Equal(10, compacted.Json.GetProperty("rewritten")[0].GetProperty("rows").GetInt64());
        Assert.Equal(10, (await _cli.QueryAsync("select * from trades")).Count);
    }

    [StackFact]
    public async Task The_log_says_whether_a_leaders_epoch_ended_below_what_was_read()
    {
        await CreateAsync(lanes: 1);
        await ProduceAsync(0, 0, 10);
        using var log = await KafkaLog.ConnectAsync(new KafkaSettings(stack.Kafka, new Dictionary<string, string>()), null, default);

        Assert.True(await log.HoldsAsync(new LaneOffset(_topic, 0, 4), 0, default));
        Assert.True(await log.HoldsAsync(new LaneOffset(_topic, 0, 10), 0, default));
        Assert.False(await log.HoldsAsync(new LaneOffset(_topic, 0, 11), 0, default));
    }

    private IAdminClient Admin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = stack.Kafka }).Build();

    private async Task CreateAsync(int lanes)
    {
        using var admin = Admin();
        while (true)
        {
            try
            {
                await admin.CreateTopicsAsync([new TopicSpecification { Name = _topic, NumPartitions = lanes }]);
                return;
            }
            catch (CreateTopicsException e) when (e.Results[0].Error.Code == ErrorCode.TopicAlreadyExists)
            {
                // Its predecessor is being deleted.
                await Task.Delay(50);
            }
        }
    }

    private Task ProduceAsync(int lane, int from, int count) => ProduceAsync(lane, [.. Enumerable.Range(from, count).Select(i =>
        $$"""{"symbol":"S{{lane}}","ts":1763388000000,"sequence":{{i + 1}},"price":426.16,"size":800,"side":"A","venue":"XSIM","trade_id":{{i}}}""")]);

    private async Task ProduceAsync(int lane, string[] values)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = stack.Kafka }).Build();
        foreach (var value in values)
            await producer.ProduceAsync(new TopicPartition(_topic, lane), new Message<byte[], byte[]> { Value = Encoding.UTF8.GetBytes(value) });
    }

    private Task<Cli.Run> IngestAsync() => _cli.RunAsync("ingest", "--topic", _topic, "--until-caught-up");

    private async Task<JsonElement> ShowAsync(int lane, int? entries = null)
    {
        var shown = await _cli.RunAsync("lane", "show", "--topic", _topic, "--lane", $"{lane}", "--json");
        Assert.True(shown.Exit == 0, shown.ToString());
        return shown.Json.EnumerateArray().Single(report => entries is null || report.GetProperty("entries").GetInt32() == entries);
    }

    private async Task CommittedAsync(int lane, long offset)
    {
        for (var tries = 0; (await ShowAsync(lane)).GetProperty("committed").GetInt64() < offset; tries++)
            Assert.True(tries < 40, $"lane {lane} does not come to {offset}");
    }
}
