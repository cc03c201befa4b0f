using System.Buffers;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Confluent.Kafka;
using StockActors.Market;
using StockActors.Market.Wire;
using StockActors.Pipeline.Dsl;
using StockActors.Pipeline.Interop;
using StockActors.Pipeline.Messages;
using StockActors.Pipeline.Settings;

namespace StockActors.Bench;

/// <summary>
/// A topic read from end to end: the sources against a loop around the bare client's <c>Consume</c>, and the batched one also against librdkafka's own
/// batch call. Each pass is a consumer of its own; every way looks at every record's key and value.
/// </summary>
internal sealed class ConsumeBenchmark : Benchmark
{
    private const int Messages = 2_000_000;
    private const int Samples = 5_000;
    private const int BatchRecords = 4096;

    /// <inheritdoc/>
    public override string Name => "consume";

    /// <inheritdoc/>
    public override string Summary => "2,000,000 records of about 120 bytes in 4 partitions of a real Kafka: the consuming sources against the bare client";

    /// <inheritdoc/>
    public override IEnumerable<Row> Run()
    {
        using var topic = BenchTopic.Create();
        Load(topic);
        using var system = ActorSystem.Create("bench", "akka { loglevel = WARNING, stdout-loglevel = WARNING }");
        using var materializer = system.Materializer();
        yield return Race.Whole("consume.batched", "records", () => Batched(topic, materializer), () => Loop(topic));
        yield return Race.Whole("consume.batched.native", "records", () => Batched(topic, materializer), () => BatchCalls(topic));
        yield return Race.Whole("consume.plain", "records", () => Plain(topic, materializer), () => Loop(topic));
        yield return Race.Whole("consume.committable", "records", () => Committable(topic, materializer), () => Loop(topic));
    }

    private static void Load(BenchTopic topic)
    {
        var ticks = Enumerable.Range(0, Samples).Select(WireBenchmark.MakeTick).Select(tick =>
        {
            var writer = new ArrayBufferWriter<byte>();
            TickEncoder.Encode(tick, Market.Wire.WireFormat.Json, writer);
            return new Message<byte[], byte[]> { Key = System.Text.Encoding.UTF8.GetBytes(tick.Symbol), Value = writer.WrittenSpan[..Math.Min(writer.WrittenCount, 116)].ToArray() };
        }).ToArray();
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerSettings<byte[], byte[]>(topic.Kafka).ToConfig()).SetLogHandler((_, _) => { }).Build();
        for (var i = 0; i < Messages; i++)
            ProduceBenchmark.Produce(producer, new TopicPartition(topic.Name, i % BenchTopic.FewLanes), ticks[i % Samples], null);

        producer.Flush(CancellationToken.None);
    }

    private static int Batched(BenchTopic topic, ActorMaterializer materializer)
    {
        var (count, bytes) = (0, 0L);
        KafkaConsumer.BatchedPartitionedSource(new ConsumerSettings(topic.Kafka, "bench"), All(topic))
            .Via(Flow.Create<PartitionSource<RecordBatch>>().MergeMany(BenchTopic.FewLanes, partition => partition.Source))
            .TakeWhile(batch =>
            {
                using (batch)
                {
                    for (var i = 0; i < batch.Count; i++)
                    {
                        var record = batch[i];
                        bytes += record.Key.Length + record.Value.Length;
                    }

                    count += batch.Count;
                }

                return count < Messages;
            })
            .RunWith(Sink.Ignore<RecordBatch>(), materializer).GetAwaiter().GetResult();
        return count;
    }

    private static int Plain(BenchTopic topic, ActorMaterializer materializer) =>
        KafkaConsumer.PlainSource(new ConsumerSettings<byte[], byte[]>(topic.Kafka, "bench"), All(topic))
            .Take(Messages)
            .RunWith(Sink.Aggregate<ConsumeResult<byte[], byte[]>, int>(0, (count, _) => count + 1), materializer).GetAwaiter().GetResult();

    private static int Committable(BenchTopic topic, ActorMaterializer materializer)
    {
        var group = new ConsumerSettings<byte[], byte[]>(topic.Kafka, $"bench-{Guid.NewGuid():N}") { StartWhereUnknown = AutoOffsetReset.Earliest };
        var count = 0;
        var control = KafkaConsumer.CommittableSource(group, Subscriptions.Topics(topic.Name))
            .Select(ICommittable (message) =>
            {
                count++;
                return message.Offset;
            })
            .TakeWhile(_ => count < Messages, inclusive: true)
            .ToMaterialized(Committer.Sink(new CommitterSettings()), DrainingControl.Create)
            .Run(materializer);
        control.StreamCompletion.GetAwaiter().GetResult();
        control.DrainAndShutdown().GetAwaiter().GetResult();
        return count;
    }

    private static int Loop(BenchTopic topic)
    {
        using var consumer = Bare(topic);
        var (count, bytes) = (0, 0L);
        while (count < Messages)
        {
            if (consumer.Consume(TimeSpan.FromSeconds(10)) is not { } record)
                throw new InvalidOperationException("The topic has fewer records than were put into it.");
            bytes += record.Message.Key.Length + record.Message.Value.Length;
            count++;
        }

        consumer.Close();
        return count;
    }

    private static unsafe int BatchCalls(BenchTopic topic)
    {
        using var consumer = Bare(topic);
        var queue = Librdkafka.QueueOfConsumer(Librdkafka.HandleOf(consumer));
        var messages = new Librdkafka.Message*[BatchRecords];
        var (count, bytes) = (0, 0L);
        while (count < Messages)
        {
            nint taken;
            fixed (Librdkafka.Message** first = messages)
                taken = Librdkafka.ConsumeBatch(queue, 100, first, BatchRecords);
            for (var i = 0; i < taken; i++)
            {
                bytes += messages[i]->KeySpan.Length + messages[i]->ValueSpan.Length;
                if (messages[i]->Error == ErrorCode.NoError)
                    count++;
                Librdkafka.DestroyMessage(messages[i]);
            }
        }

        Librdkafka.DestroyQueue(queue);
        consumer.Close();
        return count;
    }

    /// <summary>The client with the sources' own configuration: with librdkafka's defaults a full queue stops its fetches for a second, and the loop is slower still.</summary>
    private static IConsumer<byte[], byte[]> Bare(BenchTopic topic)
    {
        var config = new ConsumerSettings(topic.Kafka, "bench-bare").ToConfig();
        config.EnablePartitionEof = false;
        var consumer = new ConsumerBuilder<byte[], byte[]>(config).SetLogHandler((_, _) => { }).Build();
        consumer.Assign(Enumerable.Range(0, BenchTopic.FewLanes).Select(lane => new TopicPartitionOffset(topic.Name, lane, 0)));
        return consumer;
    }

    private static Subscription All(BenchTopic topic) =>
        Subscriptions.AssignmentWithOffset([.. Enumerable.Range(0, BenchTopic.FewLanes).Select(lane => new TopicPartitionOffset(topic.Name, lane, 0))]);
}
