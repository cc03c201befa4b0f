using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Supervision;
using Confluent.Kafka;
using StockActors.Market;
using StockActors.Pipeline.Clients;
using StockActors.Pipeline.Dsl;
using StockActors.Pipeline.Messages;
using StockActors.Pipeline.Settings;
using StockActors.Pipeline.Stages;

namespace StockActors.Pipeline.Tests;

public sealed class ProducerStageTests(EmbeddedLog log) : IClassFixture<EmbeddedLog>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Results_come_in_the_order_of_the_stream_however_they_were_delivered()
    {
        var client = new FakeProduceClient();
        var results = RunAsync(client, Source.From([Single(1), Single(2), Single(3)]));
        var taken = new[] { await client.NextAsync(), await client.NextAsync(), await client.NextAsync() };
        taken[2].Deliver();
        taken[0].Deliver();
        taken[1].Deliver();

        var parts = (await results).Cast<Result<string, int, int>>().ToList();
        Assert.Equal([1, 2, 3], parts.Select(r => r.Part.Record.Message.Value));
        Assert.Equal([1, 2, 0], parts.Select(r => r.Part.Offset.Value));
        Assert.All(parts, r => Assert.Equal(r.Part.Record.Message.Value, r.PassThrough));
        Assert.All(parts, r => Assert.Equal(2, r.Part.Partition.Value));
        Assert.Equal(0, await client.Disposed);
    }

    [Fact]
    public async Task Several_records_are_one_result_and_none_waits_its_turn()
    {
        var client = new FakeProduceClient();
        var results = RunAsync(client, Source.From([Multi(7, 1, 2), ProducerMessage.PassThrough<string, int, int>(8), Multi(9)]));
        var first = await client.NextAsync();
        (await client.NextAsync()).Deliver();
        Assert.False(results.IsCompleted);
        first.Deliver();

        var all = await results;
        Assert.Equal([7, 8, 9], all.Select(r => r.PassThrough));
        Assert.Equal([1L, 0L], ((MultiResult<string, int, int>)all[0]).Parts.Select(p => p.Offset.Value));
        Assert.IsType<PassThroughResult<string, int, int>>(all[1]);
        Assert.Empty(((MultiResult<string, int, int>)all[2]).Parts);
    }

    [Fact]
    public async Task A_record_that_is_not_delivered_fails_the_stream_and_is_named()
    {
        var client = new FakeProduceClient();
        var results = RunAsync(client, Source.From([Single(1), Single(2)]));
        (await client.NextAsync()).Deliver(ErrorCode.Local_MsgTimedOut);

        var error = await Assert.ThrowsAsync<DeliveryException>(() => results);

        Assert.Equal("A record for t was not delivered: Local: Message timed out", error.Message);
        Assert.Equal(ErrorCode.Local_MsgTimedOut, error.Error.Code);
        await client.Disposed;
    }

    [Theory]
    [InlineData(Directive.Resume)]
    [InlineData(Directive.Restart)]
    public async Task Supervision_may_drop_what_failed_and_go_on(Directive directive)
    {
        var client = new FakeProduceClient { Refuse = value => value == 3 ? new Error(ErrorCode.MsgSizeTooLarge) : null };
        var seen = new List<Exception>();
        var results = RunAsync(client, Source.From([Single(1), Multi(2, 20, 21), Single(3), Single(4)]), e =>
        {
            seen.Add(e);
            return directive;
        });
        (await client.NextAsync()).Deliver();
        (await client.NextAsync()).Deliver(ErrorCode.Local_MsgTimedOut);
        (await client.NextAsync()).Deliver();
        (await client.NextAsync()).Deliver();

        Assert.Equal([1, 4], (await results).Select(r => r.PassThrough));
        Assert.Equal([ErrorCode.Local_MsgTimedOut, ErrorCode.MsgSizeTooLarge], seen.Cast<DeliveryException>().Select(e => e.Error.Code));
    }

    [Fact]
    public async Task After_a_fatal_error_the_stream_fails_whatever_its_supervision_says()
    {
        var client = new FakeProduceClient();
        var results = RunAsync(client, Source.From([Single(1), Single(2)]), _ => Directive.Resume);
        (await client.NextAsync()).Deliver(ErrorCode.Local_Fatal);

        await Assert.ThrowsAsync<DeliveryException>(() => results);
    }

    [Fact]
    public async Task A_refused_record_fails_the_stream_after_what_came_before_it()
    {
        var client = new FakeProduceClient { Refuse = value => value == 2 ? new Error(ErrorCode.Local_ValueSerialization) : null };
        var passed = new List<int>();
        var results = Source.From([Single(1), Single(2)]).Via(Flow(client)).RunForeach(r => passed.Add(r.PassThrough), log.Materializer);
        (await client.NextAsync()).Deliver();

        Assert.IsType<ProduceException<string, int>>((await Assert.ThrowsAsync<DeliveryException>(() => results)).InnerException);
        Assert.Equal([1], passed);
    }

    [Fact]
    public async Task What_is_in_flight_when_the_upstream_fails_is_delivered_before_the_failure_is_told()
    {
        var client = new FakeProduceClient();
        var passed = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var (above, results) = Source.Queue<IEnvelope<string, int, int>>(2, OverflowStrategy.Fail).Via(Flow(client))
            .ToMaterialized(Sink.ForEach<IResults<string, int, int>>(result => passed.TrySetResult(result.PassThrough)), Keep.Both).Run(log.Materializer);
        await above.OfferAsync(Single(1));
        await above.OfferAsync(Single(2));
        var (first, second) = (await client.NextAsync(), await client.NextAsync());
        above.Fail(new InvalidDataException("above"));
        await Assert.ThrowsAsync<InvalidDataException>(() => above.WatchCompletionAsync().WaitAsync(Patience));

        // A stage that had told the failure at once would have no results any more.
        first.Deliver();
        Assert.Equal(1, await passed.Task.WaitAsync(Patience));
        second.Deliver();

        await Assert.ThrowsAsync<InvalidDataException>(() => results.WaitAsync(Patience));
        Assert.Equal(0, await client.Disposed);
    }

    [Fact]
    public async Task What_is_in_flight_when_the_downstream_leaves_is_delivered_before_the_client_is_freed()
    {
        var client = new FakeProduceClient();
        var first = Source.From(Enumerable.Range(1, 3)).Concat(Source.Maybe<int>().MapMaterializedValue(_ => NotUsed.Instance)).Select(Single)
            .Via(Flow(client)).RunWith(Sink.First<IResults<string, int, int>>(), log.Materializer);
        var taken = new[] { await client.NextAsync(), await client.NextAsync(), await client.NextAsync() };
        taken[0].Deliver();
        Assert.Equal(1, (await first).PassThrough);
        taken[1].Deliver(ErrorCode.NoError);
        taken[2].Deliver();

        Assert.Equal(0, await client.Disposed);
    }

    [Fact]
    public async Task Killed_streams_free_their_client()
    {
        var client = new FakeProduceClient();
        var (kill, done) = Source.From([Single(1)]).Concat(Source.Maybe<IEnvelope<string, int, int>>().MapMaterializedValue(_ => NotUsed.Instance))
            .Via(Flow(client)).ViaMaterialized(KillSwitches.Single<IResults<string, int, int>>(), Keep.Right)
            .ToMaterialized(Sink.Ignore<IResults<string, int, int>>(), Keep.Both).Run(log.Materializer);
        var taken = await client.NextAsync();
        kill.Abort(new InvalidDataException("killed"));
        Assert.IsType<InvalidDataException>((await Assert.ThrowsAnyAsync<Exception>(() => done)).GetBaseException());
        taken.Deliver();

        Assert.Equal(0, await client.Disposed);
    }

    [Fact]
    public async Task A_full_queue_that_holds_nothing_of_ours_is_tried_again()
    {
        var client = new FakeProduceClient { Room = 1 };
        client.TryProduce(new ProducerRecord<string, int>("t", "another's", 0), new Nobody());
        var another = await client.NextAsync();
        var results = RunAsync(client, Source.Single(Single(1)));
        another.Deliver();
        (await client.NextAsync()).Deliver();

        Assert.Single(await results);
    }

    [Fact]
    public async Task What_comes_behind_a_record_that_met_a_full_queue_goes_behind_it_though_there_is_room_by_then()
    {
        var refusals = 0;
        var client = new FakeProduceClient { IsFull = value => value == 2 && refusals++ == 0 };
        var results = RunAsync(client, Source.From([Multi(7, 1, 2, 3), Single(4)]));
        var order = new List<int>();
        while (order.Count < 4)
        {
            var taken = await client.NextAsync();
            order.Add(taken.Value);
            taken.Deliver();
        }

        Assert.Equal([1, 2, 3, 4], order);
        Assert.Equal([7, 4], (await results).Select(r => r.PassThrough));
    }

    [Fact]
    public async Task Whatever_the_client_does_each_record_goes_once_in_order_and_no_more_than_allowed_are_in_flight()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var history = 0; history < 30; history++)
        {
            var client = new FakeProduceClient { Room = random.Next(1, 12), Refuse = value => value % 13 == 12 ? new Error(ErrorCode.MsgSizeTooLarge) : null };
            var most = random.Next(1, 12);
            var results = RunAsync(client, Source.From(Enumerable.Range(0, 300)).Select(Single), _ => Directive.Resume, most);
            var (expected, order, held) = (new List<int>(), new List<int>(), new List<FakeProduceClient.Taken>());
            for (var value = 0; value < 300 || held.Count > 0;)
            {
                if (value % 13 == 12)
                    value++;
                // What waits for the oldest is in the stage too, delivered or not.
                if (value < 300 && held.Count < client.Room && (held.Count == 0 || (value - held.Min(h => h.Value) < most && random.Next(3) > 0)))
                {
                    held.Add(await client.NextAsync());
                    order.Add(held[^1].Value);
                    value++;
                    continue;
                }

                var next = held[random.Next(held.Count)];
                held.Remove(next);
                var failed = random.Next(5) == 0;
                if (!failed)
                    expected.Add(next.Value);
                next.Deliver(failed ? ErrorCode.Local_MsgTimedOut : ErrorCode.NoError);
            }

            Assert.True(expected.Order().SequenceEqual((await results).Select(r => r.PassThrough)), $"seed {seed}, history {history}: results");
            Assert.True(order.Order().SequenceEqual(order), $"seed {seed}, history {history}: order");
            Assert.True(client.MostInFlight <= most, $"seed {seed}, history {history}: {client.MostInFlight} in flight of {most}");
        }
    }

    [Fact]
    public async Task What_a_plain_sink_is_given_is_in_the_log_when_its_task_is_done()
    {
        var topic = await log.TopicAsync(lanes: 3);
        var settings = new ProducerSettings<string, string>(log.Kafka with { Properties = new Dictionary<string, string> { ["queue.buffering.max.messages"] = "500" } });
        await Source.From(Enumerable.Range(0, 5_000)).Select(i => new ProducerRecord<string, string>(topic.Name, $"S{i % 50:D3}", $"{i}"))
            .RunWith(KafkaProducer.PlainSink(settings), log.Materializer).WaitAsync(Patience);

        for (var lane = 0; lane < 3; lane++)
        {
            var (low, high) = await log.Log.ExtentAsync(topic.Name, lane, CancellationToken.None);
            Assert.Equal(Enumerable.Range(0, 50).Count(s => Lanes.Of($"S{s:D3}", 3) == lane) * 100, high - low);
        }
    }

    [Fact]
    public async Task Keys_values_headers_and_timestamps_come_as_they_were_given_absent_and_empty_apart()
    {
        var topic = await log.TopicAsync(lanes: 2);
        var to = new TopicPartition(topic.Name, 1);
        var at = new Timestamp(1_767_623_400_000, TimestampType.CreateTime);
        Message<byte[]?, byte[]?>[] given =
        [
            new() { Key = [1, 2], Value = [], Timestamp = at },
            new() { Key = [], Value = null, Headers = new Headers { { "one", [9] }, { "no value", null }, { "empty", [] } } },
            new() { Key = null, Value = [0, 255] },
        ];
        var results = await Source.From(given.Select(message => ProducerMessage.Single(new ProducerRecord<byte[]?, byte[]?>(to, message), 0)))
            .Via(KafkaProducer.FlexiFlow<byte[]?, byte[]?, int>(new ProducerSettings<byte[]?, byte[]?>(log.Kafka)))
            .RunWith(Sink.Seq<IResults<byte[]?, byte[]?, int>>(), log.Materializer).WaitAsync(Patience);

        var parts = results.Cast<Result<byte[]?, byte[]?, int>>().Select(r => r.Part).ToList();
        Assert.Equal([(1, 0L), (1, 1L), (1, 2L)], parts.Select(p => (p.Partition.Value, p.Offset.Value)));
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerSettings(log.Kafka, "reader").ToConfig()).Build();
        consumer.Assign(new TopicPartitionOffset(to, 0));
        foreach (var expected in given)
        {
            var read = consumer.Consume(Patience).Message;
            Assert.Equal(expected.Key, read.Key);
            Assert.Equal(expected.Value, read.Value);
            Assert.Equal((expected.Headers ?? []).Select(h => (h.Key, h.GetValueBytes())), (read.Headers ?? []).Select(h => (h.Key, h.GetValueBytes())));
            if (expected.Timestamp != Timestamp.Default)
                Assert.Equal(at, read.Timestamp);
        }
    }

    [Fact]
    public async Task A_topic_that_takes_no_such_record_fails_the_sink()
    {
        var topic = await log.TopicAsync(lanes: 1);
        var error = await Assert.ThrowsAsync<DeliveryException>(() => Source.Single(new ProducerRecord<string, byte[]>(topic.Name, "S000", new byte[2_000_000]))
            .RunWith(KafkaProducer.PlainSink(new ProducerSettings<string, byte[]>(log.Kafka)), log.Materializer).WaitAsync(Patience));

        Assert.Equal(ErrorCode.MsgSizeTooLarge, error.Error.Code);
    }

    private async Task<IReadOnlyList<IResults<string, int, int>>> RunAsync(
        FakeProduceClient client, Source<IEnvelope<string, int, int>, NotUsed> source, Decider? decider = null, int maxInFlight = 100) =>
        await source.Via(Flow(client, decider, maxInFlight)).RunWith(Sink.Seq<IResults<string, int, int>>(), log.Materializer).WaitAsync(Patience);

    private static Flow<IEnvelope<string, int, int>, IResults<string, int, int>, NotUsed> Flow(FakeProduceClient client, Decider? decider = null, int maxInFlight = 100)
    {
        var flow = Akka.Streams.Dsl.Flow.FromGraph(new ProducerStage<string, int, int>(() => client, maxInFlight));
        return decider is null ? flow : flow.WithAttributes(ActorAttributes.CreateSupervisionStrategy(decider));
    }

    private static IEnvelope<string, int, int> Single(int value) => ProducerMessage.Single(Record(value), value);

    private static IEnvelope<string, int, int> Multi(int passThrough, params int[] values) =>
        ProducerMessage.Multi([.. values.Select(Record)], passThrough);

    private static ProducerRecord<string, int> Record(int value) => new("t", "key", value);

    private sealed class Nobody : IDelivery
    {
        public void Report(ErrorCode error, Partition partition, Offset offset, Timestamp timestamp)
        {
        }
    }
}
