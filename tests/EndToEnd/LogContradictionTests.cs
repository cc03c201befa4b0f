using System.Diagnostics;
using System.Text.RegularExpressions;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace StockActors.EndToEnd;

/// <summary>A log that changes under whoever uses it, or tells two stories of a run: each is an error that says what happened where, and what to do.</summary>
[Collection(LogCollection.Name)]
public sealed class LogContradictionTests(Stack stack) : IDisposable
{
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(LongRun.Of(30, 15));

    private readonly Cli _cli = new(stack.Kafka);
    private readonly IAdminClient _admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = stack.Kafka }).Build();
    private readonly string _topic = $"says-{Guid.NewGuid():N}"[..20];

    public void Dispose()
    {
        _admin.Dispose();
        _cli.Dispose();
    }

    [StackFact]
    public async Task A_topic_that_is_deleted_ends_its_publisher_and_its_ingest_by_name()
    {
        var (publisher, ingest) = await PublishAndIngestAsync();
        await _admin.DeleteTopicsAsync([_topic]);

        var deleted = Stopwatch.StartNew();
        foreach (var running in new[] { publisher, ingest })
        {
            var run = await running.EndAsync();
            Assert.Equal(1, run.Exit);
            Assert.Matches($"^error: Topic {_topic} was deleted while its lanes 0 to 3 were in use\\..*name another --topic", OneError(run));
        }

        Assert.True(deleted.Elapsed < Prompt, $"after {deleted.Elapsed}");
    }

    [StackFact]
    public async Task A_topic_that_is_made_again_under_its_name_is_not_gone_on_with()
    {
        var (publisher, ingest) = await PublishAndIngestAsync();
        await _admin.DeleteTopicsAsync([_topic]);
        await CreateAsync();

        var (published, ingested) = (await publisher.EndAsync(), await ingest.EndAsync());
        var again = await _cli.RunAsync(Publish());

        Assert.Equal((1, 1, 1), (published.Exit, ingested.Exit, again.Exit));
        Assert.Matches($"^error: Topic {_topic} was deleted.*--run", OneError(published));
        Assert.Matches($"^error: .*{_topic}.*id was [0-9a-f]{{32}}", OneError(ingested));
        Assert.Matches($"^error: Run contradicted was begun in a topic {_topic} that has been deleted since, and made again .*--run", OneError(again));
    }

    [StackFact]
    public async Task A_progress_that_is_deleted_ends_the_run_and_a_start_without_it_finds_the_runs_ticks()
    {
        var publisher = _cli.Start(Publish());
        await publisher.SeeAsync("more than a little", line => Cli.Published(line) > 1_000);
        await _admin.DeleteTopicsAsync([_topic + ".progress"]);
        var run = await publisher.EndAsync();
        var again = await _cli.RunAsync(Publish());
        var onceMore = await _cli.RunAsync(Publish());
        var another = await _cli.RunAsync("demo", "--roles", "market", "--topic", _topic, "--symbols", "8", "--run", "another", "--duration", "1s");

        Assert.Equal((1, 1, 1), (run.Exit, again.Exit, onceMore.Exit));
        Assert.Matches($"^error: Topic {_topic}.progress was deleted.*--run", OneError(run));
        Assert.Matches($"^error: Lane \\d of {_topic} has S\\d+'s sequence 1 of run contradicted at offset \\d+, and {_topic}.progress has no progress .*--run", OneError(again));
        Assert.Matches($"has no progress of the run", OneError(onceMore));
        Assert.True(another.Exit == 0, another.ToString());
        (await TopicRecords.ReadAsync(stack.Kafka, _topic)).AssertWhole();
    }

    [StackFact]
    public async Task A_progress_that_is_behind_its_ticks_is_not_gone_on_from()
    {
        var publisher = _cli.Start(Publish());
        await publisher.SeeAsync("more than a little", line => Cli.Published(line) > 3_000);
        publisher.Interrupt();
        Assert.Equal(0, (await publisher.EndAsync()).Exit);
        await SetProgressBackAsync(lane: 2);

        var again = await _cli.RunAsync(Publish());

        Assert.Equal(1, again.Exit);
        Assert.Matches($"^error: Lane 2 of {_topic} has S\\d+'s sequence \\d+ of run contradicted at offset \\d+, and {_topic}.progress says that \\d+ is the next.*--run", OneError(again));
        (await TopicRecords.ReadAsync(stack.Kafka, _topic)).AssertWhole();
    }

    [StackFact]
    public async Task Partitions_that_are_added_end_a_run_and_are_ingested_like_the_others()
    {
        var (publisher, ingest) = await PublishAndIngestAsync();
        await _admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = _topic, IncreaseTo = 8 }]);

        var run = await publisher.EndAsync();
        var again = await _cli.RunAsync(Publish());
        await ProduceAsync(6, """{"symbol":"NEW","ts":1763388000000,"sequence":1,"price":426.16,"size":800,"side":"A","trade_id":1}""");
        await ProduceAsync(7, "no tick");
        await UntilInLakeAsync("NEW");
        ingest.Interrupt();
        var ingested = await ingest.EndAsync();
        var another = await _cli.RunAsync("demo", "--topic", _topic, "--symbols", "20", "--run", "another", "--duration", "2s");

        Assert.Equal((1, 1), (run.Exit, again.Exit));
        Assert.Matches($"^error: Topic {_topic} had 4 partitions, and has 8 now\\..*--run", OneError(run));
        Assert.Matches($"^error: Topic {_topic} had 4 partitions when run contradicted was begun, and has 8 now\\..*--run", OneError(again));
        Assert.True(ingested.Exit == 0, ingested.ToString());
        Assert.Contains(", 1 dead letters", ingested.Out, StringComparison.Ordinal);
        Assert.True(another.Exit == 0, another.ToString());
        Assert.Contains("The balance holds", another.Out, StringComparison.Ordinal);
    }

    private string[] Publish() => ["demo", "--roles", "market", "--topic", _topic, "--symbols", "8", "--run", "contradicted"];

    private async Task<(Cli.Running Publisher, Cli.Running Ingest)> PublishAndIngestAsync()
    {
        var publisher = _cli.Start(Publish());
        await publisher.SeeAsync("First ticks");
        var ingest = _cli.Start("ingest", "--topic", _topic, "--flush-interval", "500ms");
        await ingest.SeeAsync("rows", line => Regex.IsMatch(line, "^ +[1-9][0-9,]* rows in"));
        return (publisher, ingest);
    }

    /// <summary>What is told of a failure is one line; what was tried before it was known to be one may have been told as warnings.</summary>
    private static string OneError(Cli.Run run) => Assert.Single(run.Error.Split('\n'), line => line.StartsWith("error:", StringComparison.Ordinal));

    private async Task CreateAsync()
    {
        while (true)
        {
            try
            {
                await _admin.CreateTopicsAsync([new TopicSpecification { Name = _topic, NumPartitions = 4 }]);
                return;
            }
            catch (CreateTopicsException e) when (e.Results[0].Error.Code == ErrorCode.TopicAlreadyExists)
            {
                // Its deletion is still under way.
            }
        }
    }

    private async Task ProduceAsync(int lane, string value)
    {
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = stack.Kafka }).Build();
        await producer.ProduceAsync(new TopicPartition(_topic, lane), new Message<string, string> { Key = "foreign", Value = value });
    }

    /// <summary>As if the broker had lost all of a lane's progress but the first.</summary>
    private async Task SetProgressBackAsync(int lane)
    {
        var at = new TopicPartition(_topic + ".progress", lane);
        using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { BootstrapServers = stack.Kafka, GroupId = "set-back" }).Build();
        consumer.Assign(new TopicPartitionOffset(at, Offset.Beginning));
        var first = consumer.Consume(TimeSpan.FromSeconds(20));
        while (first.Message.Key != "contradicted")
            first = consumer.Consume(TimeSpan.FromSeconds(20));
        consumer.Close();
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = stack.Kafka }).Build();
        await producer.ProduceAsync(at, first.Message);
    }

    private async Task UntilInLakeAsync(string symbol)
    {
        for (var limit = DateTime.UtcNow + TimeSpan.FromMinutes(1); ;)
        {
            if ((await _cli.QueryAsync($"select symbol from trades where symbol = '{symbol}'")).Count == 1)
                return;
            Assert.True(DateTime.UtcNow < limit, $"{symbol} has not come into the lake");
        }
    }
}
