using System.Text;
using Akka.Streams.Dsl;
using Confluent.Kafka;
using StockActors.Market;
using StockActors.Market.Wire;
using StockActors.Pipeline.Dsl;
using StockActors.Pipeline.Settings;

namespace StockActors.Pipeline.Tests;

public sealed class LanePublisherTests(EmbeddedLog log) : IClassFixture<EmbeddedLog>
{
    [Fact]
    public async Task What_a_lane_publishes_is_read_back_in_order_under_its_keys_in_its_partition_and_nowhere_else()
    {
        var topic = await log.TopicAsync(lanes: 3);
        using var publisher = await FencedAsync(topic, lane: 1);
        await PublishAsync(publisher, Enumerable.Range(0, 50).Select(i => EmbeddedLog.Step("run", 1, i, 1 + (i * 20), 20)));

        var sequences = new List<long>();
        var decoder = new TickDecoder();
        await ReadAsync(topic, batch =>
        {
            Assert.True(batch.Count == 0 || batch.Lane == 1);
            for (var i = 0; i < batch.Count; i++)
            {
                Assert.Equal("S000"u8, batch[i].Key);
                Assert.True(decoder.TryDecode(batch[i].Value, out var tick, out var reason), reason);
                sequences.Add(tick.Sequence!.Value);
            }
        });
        Assert.Equal(Enumerable.Range(1, 1000).Select(i => (long)i), sequences);
    }

    [Fact]
    public async Task What_goes_beside_the_ticks_is_in_a_topic_of_its_own_in_the_same_lane_and_transaction()
    {
        var topic = await log.TopicAsync(lanes: 2);
        foreach (var feed in TickFeeds.Beside)
            await log.Log.EnsureBesideAsync(topic, feed, CancellationToken.None);
        using var publisher = await FencedAsync(topic, lane: 1);
        var published = await PublishAsync(publisher, Enumerable.Range(0, 20).Select(i => WithBeside(EmbeddedLog.Step("run", 1, i, 1 + (i * 5), 5), 1 + (i * 3))));

        Assert.Equal(
            (100, 60, 40, 20, 220),
            (published.Sum(p => p.Ticks.Quotes), published.Sum(p => p.Ticks.Orders), published.Sum(p => p.Ticks.Truths), published.Sum(p => p.Ticks.Runs), published.Sum(p => p.Ticks.Total)));
        Assert.Equal(new long[] { 100, 60, 60 }, await Task.WhenAll(TickFeeds.All.Select(CountAsync)));

        async Task<long> CountAsync(TickFeed feed)
        {
            var of = await log.Log.RequireAsync(TickFeeds.TopicOf(topic.Name, feed), CancellationToken.None);
            Assert.Equal(topic.Lanes, of.Lanes);
            var (decoder, next) = (new TickDecoder(), 1L);
            await ReadAsync(of, batch =>
            {
                for (var i = 0; i < batch.Count; i++)
                {
                    Assert.True(decoder.TryDecode(batch[i].Value, out var tick, out var reason), reason);
                    Assert.Equal((1, feed, next++, "S000"), (batch.Lane, TickFeeds.Of(tick.Kind), tick.Sequence, Encoding.UTF8.GetString(batch[i].Key)));
                }
            });
            return next - 1;
        }
    }

    [Fact]
    public async Task A_transaction_holds_whole_steps_and_says_what_it_acknowledged()
    {
        var topic = await log.TopicAsync(lanes: 1);
        using var publisher = await FencedAsync(topic, lane: 0, maxTicks: 100);

        var published = await PublishAsync(publisher, Enumerable.Range(0, 10).Select(i => EmbeddedLog.Step("run", 0, i, 1 + (i * 60), 60)));

        Assert.Equal(600, published.Sum(p => p.Ticks.Quotes));
        Assert.All(published, p => Assert.Equal(0, p.Ticks.Total % 60));
        Assert.True(published.Count >= 5, $"{published.Count} transactions of at most 100 ticks");
        Assert.Equal(9, published[^1].Progress.Time);
        Assert.True(published.Sum(p => p.Bytes) > 600 * 20);
    }

    [Fact]
    public async Task Progress_is_the_newest_of_its_own_run_and_lane()
    {
        var topic = await log.TopicAsync(lanes: 2);
        using (var one = await FencedAsync(topic, lane: 0))
            await PublishAsync(one, [EmbeddedLog.Step("mine", 0, 10, 1, 5), EmbeddedLog.Step("mine", 0, 20, 6, 5)]);
        using (var other = await FencedAsync(topic, lane: 0, prefix: "other"))
            await PublishAsync(other, [EmbeddedLog.Step("theirs", 0, 99, 1, 3)]);
        using (var lane = await FencedAsync(topic, lane: 1))
            await PublishAsync(lane, [EmbeddedLog.Step("mine", 1, 55, 1, 1)]);

        var (progress, _, _) = await ProgressReader.ReadAsync(log.Log, topic.Name, 0, "mine", CancellationToken.None);

        Assert.NotNull(progress);
        Assert.Equal(20, progress.Time);
        Assert.Equal(new MarketPosition("S000", 11, 1, Price.One, 7), Assert.Single(progress.Markets));
        Assert.Null((await ProgressReader.ReadAsync(log.Log, topic.Name, 0, "nobody's", CancellationToken.None)).Progress);
    }

    [Fact]
    public async Task Interventions_are_read_back_with_the_progress_they_were_published_with_those_of_other_runs_and_lanes_are_not()
    {
        var topic = await log.TopicAsync(lanes: 2);
        var mine = new[] { Halt("mine", 0, "a", 10), Halt("mine", 0, "b", 20) };
        using (var one = await FencedAsync(topic, lane: 0))
        {
            var published = await PublishAsync(one, [EmbeddedLog.Step("mine", 0, 10, 1, 5, mine[0]), EmbeddedLog.Step("mine", 0, 20, 6, 5, mine[1])]);
            Assert.Equal(mine, published.SelectMany(p => p.Interventions));
            await PublishAsync(one, [EmbeddedLog.Step("mine", 0, 30, 11, 1)]);
        }

        using (var other = await FencedAsync(topic, lane: 0, prefix: "other"))
            await PublishAsync(other, [EmbeddedLog.Step("mine-too", 0, 99, 1, 3, Halt("mine-too", 0, "c", 99))]);
        using (var lane = await FencedAsync(topic, lane: 1))
            await PublishAsync(lane, [EmbeddedLog.Step("mine", 1, 55, 1, 1, Halt("mine", 1, "d", 55))]);

        var (progress, interventions, _) = await ProgressReader.ReadAsync(log.Log, topic.Name, 0, "mine", CancellationToken.None);

        Assert.Equal(30, progress!.Time);
        Assert.Equal(mine, interventions);

        static Intervention Halt(string run, int lane, string id, long time) => new(run, lane, id, "S000", InterventionKind.Halt, "fault", time);
    }

    [Fact]
    public async Task A_step_without_ticks_still_moves_the_progress()
    {
        var topic = await log.TopicAsync(lanes: 1);
        using var publisher = await FencedAsync(topic, lane: 0);

        await PublishAsync(publisher, [EmbeddedLog.Step("run", 0, 77, 1, 0)]);

        Assert.Equal(77, (await ProgressReader.ReadAsync(log.Log, topic.Name, 0, "run", CancellationToken.None)).Progress!.Time);
    }

    [Fact]
    public async Task A_publisher_that_runs_ahead_of_ingest_waits_for_it()
    {
        var topic = await log.TopicAsync(lanes: 1);
        var window = new LaneWindow(10_000);
        using var publisher = await FencedAsync(topic, lane: 0, maxTicks: 50, window: window);
        var acknowledged = 0L;
        var whole = Source.From(Enumerable.Range(0, 40).Select(i => EmbeddedLog.Step("run", 0, i, 1 + (i * 50), 50)))
            .Via(publisher.Transactions)
            .RunForeach(p => Interlocked.Add(ref acknowledged, p.Bytes), log.Materializer);

        // Ingest that takes each transaction in as it comes keeps it going; what is ahead is never more than the window.
        while (!whole.IsCompleted)
        {
            var taken = Interlocked.Exchange(ref acknowledged, 0);
            Assert.True(taken <= 10_000, $"{taken} bytes ahead");
            window.Give(taken);
            await Task.Yield();
        }

        await whole;
    }

    [Fact]
    public async Task A_transaction_larger_than_the_clients_queue_goes_whole_and_in_order()
    {
        var topic = await log.TopicAsync(lanes: 2);
        var kafka = log.Kafka with { Properties = new Dictionary<string, string> { ["queue.buffering.max.messages"] = "100" } };
        using var publisher = new LanePublisher(new PublisherSettings(kafka, "test"), topic.Name, 1);
        await publisher.FenceAsync(CancellationToken.None);
        await PublishAsync(publisher, [EmbeddedLog.Step("run", 1, 0, 1, 3_000), EmbeddedLog.Step("run", 1, 1, 3_001, 7)]);

        var sequences = new List<long>();
        var decoder = new TickDecoder();
        await ReadAsync(topic, batch =>
        {
            for (var i = 0; i < batch.Count; i++)
                sequences.Add(decoder.TryDecode(batch[i].Value, out var tick, out _) ? tick.Sequence!.Value : 0);
        });
        Assert.Equal(Enumerable.Range(1, 3_007).Select(i => (long)i), sequences);
    }

    private async Task<LanePublisher> FencedAsync(LogTopic topic, int lane, int maxTicks = 10_000, string prefix = "test", LaneWindow? window = null)
    {
        var publisher = new LanePublisher(new PublisherSettings(log.Kafka, prefix) { MaxTransactionTicks = maxTicks }, topic.Name, lane, window);
        await publisher.FenceAsync(CancellationToken.None);
        return publisher;
    }

    /// <summary>The step with three records of orders and three of the truth among its ticks.</summary>
    private static TickBatch WithBeside(TickBatch step, long firstSequence)
    {
        using (step)
        {
            List<Tick> ticks = [.. step.Ticks];
            for (var i = 0; i < 3; i++)
            {
                var order = new OrderEvent(OrderAction.Add, Side.Bid, true, firstSequence + i, Price.One, 5, 5, null);
                ticks.Insert(2 * i, ticks[0] with { Kind = TickKind.Order, Sequence = firstSequence + i, Book = default, Order = order });
                ticks.Add(i == 0
                    ? ticks[0] with { Kind = TickKind.Run, Sequence = firstSequence, Order = default, Run = new RunSetup(1, "calm", "{}") }
                    : ticks[0] with { Kind = TickKind.Truth, Sequence = firstSequence + i, Order = default, Truth = new Truth(TruthKind.Value, 1, Side.None, Price.One, null, null, null) });
            }

            var rented = System.Buffers.ArrayPool<Tick>.Shared.Rent(ticks.Count);
            ticks.CopyTo(rented);
            return TickBatch.Own(rented, ticks.Count, step.Progress);
        }
    }

    private async Task<IReadOnlyList<LanePublished>> PublishAsync(LanePublisher publisher, IEnumerable<TickBatch> steps) =>
        await Source.From(steps).Via(publisher.Transactions).RunWith(Sink.Seq<LanePublished>(), log.Materializer);

    private async Task ReadAsync(LogTopic topic, Action<RecordBatch> read)
    {
        var ends = await Task.WhenAll(Enumerable.Range(0, topic.Lanes).Select(lane => log.Log.ExtentAsync(topic.Name, lane, CancellationToken.None)));
        var reached = new long[topic.Lanes];
        await KafkaConsumer
            .BatchedPartitionedSource(new ConsumerSettings(log.Kafka, "reader"), Subscriptions.AssignmentWithOffset([.. reached.Select((_, lane) => new TopicPartitionOffset(topic.Name, lane, 0))]))
            .Via(Flow.Create<PartitionSource<RecordBatch>>().MergeMany(topic.Lanes, lane => lane.Source))
            .TakeWhile(batch =>
            {
                using (batch)
                    read(batch);
                reached[batch.Lane] = batch.NextOffset;
                return reached.Zip(ends).Any(lane => lane.First < lane.Second.High);
            })
            .RunWith(Sink.Ignore<RecordBatch>(), log.Materializer);
    }
}
