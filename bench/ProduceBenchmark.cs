using System.Buffers;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Confluent.Kafka;
using StockActors.Market;
using StockActors.Market.Wire;
using StockActors.Pipeline;
using StockActors.Pipeline.Dsl;
using StockActors.Pipeline.Messages;
using StockActors.Pipeline.Settings;

namespace StockActors.Bench;

/// <summary>
/// Records into Kafka: the flow against a loop around the same client with the same configuration and a delivery handler, and the lanes' publishers
/// against transactions of the same size by the bare client. The publishers encode their ticks; the bare client is given bytes.
/// </summary>
internal sealed class ProduceBenchmark : Benchmark
{
    private const int Messages = 2_000_000;
    private const int TransactionRecords = 10_000;
    private const int StepTicks = 2_500;
    private const int Samples = 5_000;

    private readonly Tick[] _ticks = [.. Enumerable.Range(0, Samples).Select(WireBenchmark.MakeTick)];
    private readonly byte[][] _keys;
    private readonly byte[][] _values;

    public ProduceBenchmark()
    {
        _keys = Array.ConvertAll(_ticks, tick => System.Text.Encoding.UTF8.GetBytes(tick.Symbol));
        _values = Array.ConvertAll(_ticks, tick =>
        {
            var writer = new ArrayBufferWriter<byte>();
            TickEncoder.Encode(tick, Market.Wire.WireFormat.Protobuf, writer);
            return writer.WrittenSpan.ToArray();
        });
    }

    /// <inheritdoc/>
    public override string Name => "produce";

    /// <inheritdoc/>
    public override string Summary => "2,000,000 records into 4 partitions of a real Kafka: the producing flow and the lanes' transactions, against the bare client";

    /// <inheritdoc/>
    public override IEnumerable<Row> Run()
    {
        using var topic = BenchTopic.Create();
        using var system = ActorSystem.Create("bench", "akka { loglevel = WARNING, stdout-loglevel = WARNING }");
        using var materializer = system.Materializer();
        yield return Race.Whole("produce.flow", "records", () => Flow(topic, materializer), () => Loop(topic));
        yield return Race.Whole("produce.transactional", "ticks", () => Publishers(topic, materializer), () => Transactions(topic));
    }

    private int Flow(BenchTopic topic, ActorMaterializer materializer)
    {
        var lanes = LanesOf(topic.Name);
        var flow = KafkaProducer.FlexiFlow<byte[], byte[], int>(new ProducerSettings<byte[], byte[]>(topic.Kafka));
        return Source.From(Enumerable.Range(0, Messages)
                .Select(i => ProducerMessage.Single(new ProducerRecord<byte[], byte[]>(lanes[i % lanes.Length], MessageOf(i)), i)))
            .Via(flow)
            .RunWith(Sink.Aggregate<IResults<byte[], byte[], int>, int>(0, (count, _) => count + 1), materializer)
            .GetAwaiter().GetResult();
    }

    private int Loop(BenchTopic topic)
    {
        var lanes = LanesOf(topic.Name);
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerSettings<byte[], byte[]>(topic.Kafka).ToConfig()).SetLogHandler((_, _) => { }).Build();
        var delivered = 0;
        Action<DeliveryReport<byte[], byte[]>> handler = report =>
        {
            if (!report.Error.IsError)
                delivered++;
        };
        for (var i = 0; i < Messages; i++)
            Produce(producer, lanes[i % lanes.Length], MessageOf(i), handler);
        producer.Flush(CancellationToken.None);
        return Volatile.Read(ref delivered);
    }

    private int Publishers(BenchTopic topic, ActorMaterializer materializer)
    {
        var settings = new PublisherSettings(topic.Kafka, "bench") { MaxTransactionTicks = TransactionRecords, MaxTransactionAge = TimeSpan.FromSeconds(1) };
        return (int)OnEachLane(async lane =>
        {
            using var publisher = new LanePublisher(settings, topic.Name, lane);
            await publisher.FenceAsync(CancellationToken.None);
            var progress = new LaneProgress("bench", lane, 0, [new MarketPosition("S000", 1, 1, Price.One, 0)]);
            return await Source.From(Enumerable.Range(0, Messages / BenchTopic.FewLanes / StepTicks))
                .Select(step => StepOf(step, progress))
                .Via(publisher.Transactions)
                .RunWith(Sink.Aggregate<LanePublished, long>(0L, (count, published) => count + published.Ticks.Total), materializer);
        });
    }

    private int Transactions(BenchTopic topic)
    {
        var settings = new PublisherSettings(topic.Kafka, "bench-bare");
        return (int)OnEachLane(lane => Task.Factory.StartNew(() =>
        {
            using var producer = new ProducerBuilder<byte[], byte[]>(settings.ToConfig(topic.Name, $"{lane}")).Build();
            producer.InitTransactions(TimeSpan.FromSeconds(30));
            var to = new TopicPartition(topic.Name, lane);
            const int records = Messages / BenchTopic.FewLanes;
            for (var first = 0; first < records; first += TransactionRecords)
            {
                producer.BeginTransaction();
                for (var i = first; i < first + TransactionRecords; i++)
                    Produce(producer, to, MessageOf(i), null);
                producer.CommitTransaction(TimeSpan.FromSeconds(30));
            }

            return (long)records;
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
    }

    private static long OnEachLane(Func<int, Task<long>> publish) =>
        Task.WhenAll(Enumerable.Range(0, BenchTopic.FewLanes).Select(publish)).GetAwaiter().GetResult().Sum();

    private static TopicPartition[] LanesOf(string topic) => [.. Enumerable.Range(0, BenchTopic.FewLanes).Select(lane => new TopicPartition(topic, lane))];

    /// <summary>Produces a record by the bare client, and waits where its queue is full.</summary>
    internal static void Produce(IProducer<byte[], byte[]> producer, TopicPartition to, Message<byte[], byte[]> message, Action<DeliveryReport<byte[], byte[]>>? handler)
    {
        while (true)
        {
            try
            {
                producer.Produce(to, message, handler);
                return;
            }
            catch (ProduceException<byte[], byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                producer.Flush(TimeSpan.FromMilliseconds(10));
            }
        }
    }

    private Message<byte[], byte[]> MessageOf(int i) => new() { Key = _keys[i % Samples], Value = _values[i % Samples] };

    private TickBatch StepOf(int step, LaneProgress progress)
    {
        var ticks = ArrayPool<Tick>.Shared.Rent(StepTicks);
        _ticks.AsSpan(step % (Samples / StepTicks) * StepTicks, StepTicks).CopyTo(ticks);
        return TickBatch.Own(ticks, StepTicks, progress);
    }
}
