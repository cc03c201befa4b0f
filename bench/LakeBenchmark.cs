using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using StockActors.Market;
using StockActors.Market.Wire;
using StockActors.Pipeline;
using StockActors.Pipeline.Interop;
using StockActors.Pipeline.Settings;

namespace StockActors.Bench;

/// <summary>
/// <c>stockactors ingest --until-caught-up</c> as its user runs it: the published executable from start to exit, a topic on a real Kafka into a lake on S3
/// with Glue, against <c>kcat -C</c> of the topic to nowhere in the same run; where kcat is not installed, against librdkafka's batch call with its own
/// defaults, which is what kcat stands on without its output. Item bytes are those in S3.
/// </summary>
internal sealed class LakeBenchmark : Benchmark
{
    private const int Trades = 2_000_000;
    private const int Rounds = 3;
    private const int BatchRecords = 4096;

    /// <summary>2026-01-05 14:00 UTC.</summary>
    private const long Start = 1_767_621_600_000;

    private static readonly string? Kcat = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "kcat")).FirstOrDefault(File.Exists);

    /// <inheritdoc/>
    public override string Name => "lake";

    /// <inheritdoc/>
    public override string Summary => "2,000,000 trades from a real Kafka into a lake on S3 with Glue, by the published executable: against kcat (or librdkafka alone where there is none) reading them to nowhere";

    /// <inheritdoc/>
    public override IEnumerable<Row> Run()
    {
        using var bucket = BenchBucket.Create();
        yield return Measure(bucket, new Load("lake.json", 4, 200, 1, i => Json(i, 200, 1)));
        yield return Measure(bucket, new Load("lake.protobuf", 4, 200, 1, i => Protobuf(i, 200)));
        yield return Measure(bucket, new Load("lake.json.wide", 16, 2_000, 24, i => Json(i, 2_000, 24)));
    }

    private static Row Measure(BenchBucket bucket, Load load)
    {
        using var topic = BenchTopic.Create(load.Lanes);
        Fill(topic, load);
        var (runs, reads) = (new Ingested[Rounds], new TimeSpan[Rounds]);
        for (var i = 0; i < Rounds; i++)
        {
            reads[i] = Kcat is { } kcat ? Read(topic, kcat) : Read(topic);
            runs[i] = Ingest(topic, $"s3://{bucket.Name}/{load.Name.Replace('.', '_')}_{i}");
        }

        var bytes = bucket.BytesUnder($"{load.Name.Replace('.', '_')}_0/");
        return new Row(load.Name, Trades / Median(runs.Select(run => run.Elapsed)), "trades/s", Trades / Median(reads), runs.Sum(run => run.Cpu.TotalSeconds),
            runs.Max(run => run.PeakBytes) / 1e6, (double)bytes / Trades);
    }

    private static void Fill(BenchTopic topic, Load load)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerSettings<byte[], byte[]>(topic.Kafka).ToConfig()).SetLogHandler((_, _) => { }).Build();
        for (var i = 0; i < Trades; i++)
        {
            var symbol = SymbolOf(i, load.Symbols);
            ProduceBenchmark.Produce(
                producer, new TopicPartition(topic.Name, Lanes.Of(symbol, load.Lanes)), new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(symbol), Value = load.Value(i) }, null);
        }

        producer.Flush(CancellationToken.None);
    }

    private static string SymbolOf(int i, int symbols) => $"S{i * 37 % symbols:D4}";

    /// <summary>A plain trade as a foreign producer writes it: time by even steps, price by cents around a symbol's level, one to nine round lots.</summary>
    private static byte[] Json(int i, int symbols, int hours)
    {
        var millis = Start + (long)((double)i / Trades * hours * 3_600_000);
        var (cents, size, side) = Draw(i, symbols);
        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"{{\"symbol\":\"{SymbolOf(i, symbols)}\",\"ts\":{millis},\"sequence\":{(i / symbols) + 1},\"price\":{cents / 100}.{cents % 100:D2},\"size\":{size},\"side\":\"{side}\",\"venue\":\"XSIM\",\"trade_id\":{i + 1}}}"));
    }

    private static byte[] Protobuf(int i, int symbols)
    {
        var (cents, size, side) = Draw(i, symbols);
        var writer = new System.Buffers.ArrayBufferWriter<byte>();
        TickEncoder.Encode(
            new Tick
            {
                Kind = TickKind.Trade,
                Source = TickSource.External,
                Symbol = SymbolOf(i, symbols),
                TsEvent = (Start + (long)((double)i / Trades * 3_600_000)) * 1_000_000,
                Sequence = (i / symbols) + 1,
                RunId = "",
                Trade = new Trade { Price = cents * (Price.One / 100), Size = size, Side = side == 'A' ? Side.Ask : Side.Bid, TradeId = i + 1 },
            },
            Market.Wire.WireFormat.Protobuf,
            writer);
        return writer.WrittenSpan.ToArray();
    }

    private static (long Cents, int Size, char Side) Draw(int i, int symbols)
    {
        // A multiplicative hash of the number: the same trades in every run.
        var drawn = (ulong)i * 0x9E37_79B9_7F4A_7C15;
        drawn ^= drawn >> 29;
        var symbol = i * 37 % symbols;
        var wave = (long)(200 * Math.Sin(i / (symbols * 400.0)));
        return (10_000 + (symbol * 43) + wave + (long)(drawn % 5), (int)(100 * (1 + (drawn >> 8) % 9)), (drawn & 1 << 20) == 0 ? 'A' : 'B');
    }

    private static TimeSpan Read(BenchTopic topic, string kcat)
    {
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start("sh", ["-c", "exec \"$0\" -C -b \"$1\" -t \"$2\" -o beginning -e -q > /dev/null", kcat, topic.Kafka.BootstrapServers, topic.Name]);
        process.WaitForExit();
        return process.ExitCode == 0 ? Stopwatch.GetElapsedTime(started) : throw new LogException($"{kcat} ended with {process.ExitCode}.");
    }

    /// <summary>What librdkafka's console tool does but for its output: all partitions from their beginning to their end, with librdkafka's defaults.</summary>
    private static unsafe TimeSpan Read(BenchTopic topic)
    {
        var started = Stopwatch.GetTimestamp();
        var config = new ConsumerConfig { BootstrapServers = topic.Kafka.BootstrapServers, GroupId = "bench-read", EnableAutoCommit = false };
        using var consumer = new ConsumerBuilder<byte[], byte[]>(config).SetLogHandler((_, _) => { }).Build();
        consumer.Assign(Enumerable.Range(0, topic.Lanes).Select(lane => new TopicPartitionOffset(topic.Name, lane, 0)));
        var queue = Librdkafka.QueueOfConsumer(Librdkafka.HandleOf(consumer));
        var messages = new Librdkafka.Message*[BatchRecords];
        using var nowhere = new FileStream("/dev/null", FileMode.Open, FileAccess.Write);
        for (var count = 0; count < Trades;)
        {
            nint taken;
            fixed (Librdkafka.Message** first = messages)
                taken = Librdkafka.ConsumeBatch(queue, 100, first, BatchRecords);
            for (var i = 0; i < taken; i++)
            {
                nowhere.Write(messages[i]->ValueSpan);
                if (messages[i]->Error == ErrorCode.NoError)
                    count++;
                Librdkafka.DestroyMessage(messages[i]);
            }
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        Librdkafka.DestroyQueue(queue);
        consumer.Close();
        return elapsed;
    }

    private static Ingested Ingest(BenchTopic topic, string lake)
    {
        var started = Stopwatch.GetTimestamp();
        var before = PublishedNode.OfAllThatEnded();
        using var node = PublishedNode.Start("ingest", "--topic", topic.Name, "--lake", lake, "--until-caught-up", "--json");
        node.RequireSuccess();
        var elapsed = Stopwatch.GetElapsedTime(started);
        var after = PublishedNode.OfAllThatEnded();
        return new Ingested(elapsed, after.Cpu - before.Cpu, after.PeakBytes);
    }

    private static double Median(IEnumerable<TimeSpan> times) => times.Order().ElementAt(Rounds / 2).TotalSeconds;

    private readonly record struct Ingested(TimeSpan Elapsed, TimeSpan Cpu, long PeakBytes);

    private sealed record Load(string Name, int Lanes, int Symbols, int Hours, Func<int, byte[]> Value);
}
