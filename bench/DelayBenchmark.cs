using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using StockActors.Market;
using StockActors.Market.Wire;
using StockActors.Pipeline.Settings;

namespace StockActors.Bench;

/// <summary>
/// How long after its acknowledgement a tick is in the lake and its partition in the catalogue, at 20,000 ticks a second and the default flush interval:
/// what the lane tells the consumer group, which it does last, is asked for every 20 ms. And what the process needs at that rate, and idle.
/// </summary>
internal sealed class DelayBenchmark : Benchmark
{
    private const int PerSecond = 20_000;
    private const int StepsPerSecond = 50;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);

    private readonly Tick[] _ticks = [.. Enumerable.Range(0, 5_000).Select(WireBenchmark.MakeTick)];

    /// <inheritdoc/>
    public override string Name => "delay";

    /// <inheritdoc/>
    public override string Summary => "from a real Kafka's acknowledgement to the lake and its catalogue at 20,000 ticks/s, by the published executable, and its share of a core";

    /// <inheritdoc/>
    public override IEnumerable<Row> Run()
    {
        using var bucket = BenchBucket.Create();
        using var topic = BenchTopic.Create();
        var acknowledged = Enumerable.Range(0, topic.Lanes).Select(_ => new List<long>()).ToArray();
        var seen = Enumerable.Range(0, topic.Lanes).Select(_ => new List<(long End, long At)>()).ToArray();
        Environment.SetEnvironmentVariable("STOCKACTORS_INGEST__GROUP", topic.Name);
        using var node = PublishedNode.Start("ingest", "--topic", topic.Name, "--lake", $"s3://{bucket.Name}/delay");
        using var looking = new CancellationTokenSource();
        var looks = LookAsync(topic, seen, looking.Token);
        Produce(topic, WarmUp, null);
        var (cpu, started) = (node.Cpu, Stopwatch.GetTimestamp());
        Produce(topic, Length, acknowledged);
        var busy = (node.Cpu - cpu) / Stopwatch.GetElapsedTime(started);
        while (Enumerable.Range(0, topic.Lanes).Any(lane => (seen[lane].Count == 0 ? 0 : seen[lane][^1].End) < acknowledged[lane].Count))
            Thread.Sleep(LookEvery);
        looking.Cancel();
        looks.GetAwaiter().GetResult();
        Thread.Sleep(TimeSpan.FromSeconds(2));
        (cpu, started) = (node.Cpu, Stopwatch.GetTimestamp());
        Thread.Sleep(Idle);
        var idle = (node.Cpu - cpu) / Stopwatch.GetElapsedTime(started);
        node.Interrupt();
        node.RequireSuccess();

        var delays = Delays(acknowledged, seen);
        var peak = PublishedNode.OfAllThatEnded().PeakBytes / 1e6;
        yield return new Row("delay.p50", delays[delays.Count / 2], "ms", null, 0, peak, 0);
        yield return new Row("delay.p99", delays[delays.Count * 99 / 100], "ms", null, 0, peak, 0);
        yield return new Row("delay.busy", busy * 1000, "thousandths of a core", null, busy * Length.TotalSeconds, peak, 0);
        yield return new Row("delay.idle", idle * 1000, "thousandths of a core", null, idle * Idle.TotalSeconds, peak, 0);
    }

    private void Produce(BenchTopic topic, TimeSpan length, List<long>[]? acknowledged)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerSettings<byte[], byte[]>(topic.Kafka).ToConfig()).SetLogHandler((_, _) => { }).Build();
        var writer = new System.Buffers.ArrayBufferWriter<byte>();
        var started = Stopwatch.GetTimestamp();
        var steps = (int)(length.TotalSeconds * StepsPerSecond);
        for (var step = 0; step < steps; step++)
        {
            var due = TimeSpan.FromSeconds((double)step / StepsPerSecond) - Stopwatch.GetElapsedTime(started);
            if (due > TimeSpan.Zero)
                Thread.Sleep(due);
            for (var i = 0; i < PerSecond / StepsPerSecond; i++)
            {
                var tick = _ticks[((step * (PerSecond / StepsPerSecond)) + i) % _ticks.Length] with { TsEvent = UnixNanos.From(DateTimeOffset.UtcNow) };
                writer.ResetWrittenCount();
                TickEncoder.Encode(tick, Market.Wire.WireFormat.Protobuf, writer);
                var to = new TopicPartition(topic.Name, Lanes.Of(tick.Symbol, topic.Lanes));
                var message = new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(tick.Symbol), Value = writer.WrittenSpan.ToArray() };
                ProduceBenchmark.Produce(producer, to, message, acknowledged is null ? null : report => Note(acknowledged, report));
            }
        }

        producer.Flush(CancellationToken.None);
    }

    private static void Note(List<long>[] acknowledged, DeliveryReport<byte[], byte[]> report)
    {
        var lane = acknowledged[report.Partition.Value];
        while (lane.Count < report.Offset.Value)
            lane.Add(0);
        lane.Add(Stopwatch.GetTimestamp());
    }

    private static async Task LookAsync(BenchTopic topic, List<(long End, long At)>[] seen, CancellationToken cancel)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = topic.Kafka.BootstrapServers }).Build();
        var asked = new ConsumerGroupTopicPartitions(topic.Name, [.. Enumerable.Range(0, topic.Lanes).Select(lane => new TopicPartition(topic.Name, lane))]);
        while (!cancel.IsCancellationRequested)
        {
            var found = await admin.ListConsumerGroupOffsetsAsync([asked]);
            var at = Stopwatch.GetTimestamp();
            foreach (var offset in found[0].Partitions.Where(partition => !partition.Offset.IsSpecial))
            {
                var lane = seen[offset.Partition.Value];
                if (lane.Count == 0 || lane[^1].End < offset.Offset.Value)
                    lane.Add((offset.Offset.Value, at));
            }

            await Task.Delay(LookEvery, CancellationToken.None);
        }
    }

    private static List<double> Delays(List<long>[] acknowledged, List<(long End, long At)>[] seen)
    {
        var delays = new List<double>();
        foreach (var (lane, ends) in seen.Index())
        {
            var offset = 0;
            foreach (var (end, at) in ends)
            {
                for (; offset < Math.Min(end, acknowledged[lane].Count); offset++)
                {
                    if (acknowledged[lane][offset] is > 0 and var acknowledgedAt)
                        delays.Add(Stopwatch.GetElapsedTime(acknowledgedAt, at).TotalMilliseconds);
                }
            }
        }

        delays.Sort();
        return delays;
    }
}
