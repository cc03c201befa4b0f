using System.Collections.Concurrent;
using Akka.Streams;
using Akka.Streams.Dsl;
using Confluent.Kafka;
using StockActors.Market;
using StockActors.Pipeline.Settings;

namespace StockActors.Pipeline.Tests;

public sealed class ConsumerSessionTests(EmbeddedLog log) : IClassFixture<EmbeddedLog>
{
    [Fact]
    public async Task Every_lane_starts_where_it_was_told_and_records_keep_offset_key_and_value()
    {
        var topic = await log.TopicAsync(lanes: 2);
        await ProduceAsync(topic, lane: 0, count: 300);
        await ProduceAsync(topic, lane: 1, count: 200);
        var seen = new ConcurrentDictionary<int, List<(long Offset, string Key, string Value)>>();

        await using var session = Subscribe(topic, lane => lane * 50);
        await session.Lanes.MergeMany(2, lane => lane.Records).RunForeach(batch =>
        {
            using (batch)
            {
                var list = seen.GetOrAdd(batch.Lane, _ => []);
                for (var i = 0; i < batch.Count; i++)
                    list.Add((batch[i].Offset, Text(batch[i].Key), Text(batch[i].Value)));
            }

            if (seen.Values.Sum(list => list.Count) == 450)
                session.Stop();
        }, log.Materializer);

        Assert.Equal(Enumerable.Range(0, 300).Select(i => ((long)i, $"k{i}", $"v{i}")), seen[0]);
        Assert.Equal(Enumerable.Range(50, 150).Select(i => ((long)i, $"k{i}", $"v{i}")), seen[1]);

        static string Text(ReadOnlySpan<byte> utf8) => System.Text.Encoding.UTF8.GetString(utf8);
    }

    [Fact]
    public async Task A_lane_that_nobody_pulls_holds_up_none_of_the_others()
    {
        var topic = await log.TopicAsync(lanes: 2);
        await ProduceAsync(topic, lane: 0, count: 500);
        await ProduceAsync(topic, lane: 1, count: 500);
        var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource<bool>();
        var count = 0;

        await using var session = Subscribe(topic, _ => 0, maxBatch: 10);
        var lanes = session.Lanes.RunForeach(lane =>
        {
            if (lane.Lane == 0)
                lane.Records.SelectAsync(1, _ => never.Task).RunWith(Sink.Ignore<bool>(), log.Materializer);
            else
                lane.Records.RunForeach(batch =>
                {
                    using (batch)
                        count += batch.Count;
                    if (count == 500)
                        read.SetResult();
                }, log.Materializer);
        }, log.Materializer);

        await read.Task.WaitAsync(TimeSpan.FromSeconds(30));
        session.Stop();
        await lanes;
    }

    [Fact]
    public async Task A_batch_is_asked_for_before_it_is_read_and_never_more_than_one_ahead()
    {
        var topic = await log.TopicAsync(lanes: 1);
        await ProduceAsync(topic, lane: 0, count: 1000);
        await using var session = Subscribe(topic, _ => 0, maxBatch: 10);
        var lane = new TaskCompletionSource<LaneSource>();
        var lanes = session.Lanes.RunForeach(lane.SetResult, log.Materializer);
        var pulled = (await lane.Task).Records.RunWith(Sink.Queue<RecordBatch>().WithAttributes(Attributes.CreateInputBuffer(1, 1)), log.Materializer);

        var next = 0L;
        for (var i = 0; i < 20; i++)
        {
            using var batch = (await pulled.PullAsync()).Value;
            Assert.Equal(next, batch.FirstOffset);
            Assert.InRange(batch.Count, 1, 10);
            next = batch.NextOffset;
        }

        session.Stop();
        await lanes;
    }

    [Fact]
    public async Task Stop_completes_every_lane_after_what_it_has_and_the_session_can_still_commit()
    {
        var topic = await log.TopicAsync(lanes: 3);
        await ProduceAsync(topic, lane: 2, count: 10);
        await using var session = Subscribe(topic, _ => 0);
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var whole = session.Lanes.MergeMany(3, lane => lane.Records).RunForeach(batch =>
        {
            if (batch.Count > 0)
                first.TrySetResult();
            batch.Dispose();
        }, log.Materializer);
        await first.Task.WaitAsync(TimeSpan.FromSeconds(30));

        session.Stop();
        await whole.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.True(await session.CommitAsync(new LaneOffset(topic.Name, 2, 10), CancellationToken.None));
    }

    [Fact]
    public async Task An_offset_that_the_log_does_not_have_fails_its_lane_by_name()
    {
        var topic = await log.TopicAsync(lanes: 1);
        await ProduceAsync(topic, lane: 0, count: 5);
        await using var session = Subscribe(topic, _ => 1_000_000);

        var error = await Assert.ThrowsAnyAsync<Exception>(() =>
            session.Lanes.MergeMany(1, lane => lane.Records).RunForeach(batch => batch.Dispose(), log.Materializer).WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.Contains($"Lane 0 of {topic.Name}", error.GetBaseException().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_goes_wrong_before_a_lane_starts_fails_the_lanes_with_it()
    {
        var topic = await log.TopicAsync(lanes: 1);
        await using var session = ConsumerSession.Subscribe(new ConsumerSettings(log.Kafka, topic.Name), topic.Name,
            (_, _) => Task.FromException<IReadOnlyList<LaneOffset>>(new InvalidOperationException("the chain is unreadable")), _ => Task.CompletedTask);

        var error = await Assert.ThrowsAnyAsync<Exception>(() => session.Lanes.RunForeach(_ => { }, log.Materializer).WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.Equal("the chain is unreadable", error.GetBaseException().Message);
    }

    private ConsumerSession Subscribe(LogTopic topic, Func<int, long> start, int maxBatch = 4096) => ConsumerSession.Subscribe(
        new ConsumerSettings(log.Kafka, "group-" + topic.Name) { MaxBatchRecords = maxBatch }, topic.Name,
        (lanes, _) => Task.FromResult<IReadOnlyList<LaneOffset>>([.. lanes.Select(lane => new LaneOffset(topic.Name, lane, start(lane)))]), _ => Task.CompletedTask);

    private async Task ProduceAsync(LogTopic topic, int lane, int count)
    {
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = log.Kafka.BootstrapServers, LingerMs = 5 }).Build();
        await Task.WhenAll(Enumerable.Range(0, count).Select(i =>
            producer.ProduceAsync(new TopicPartition(topic.Name, lane), new Message<string, string> { Key = $"k{i}", Value = $"v{i}" })));
    }
}
