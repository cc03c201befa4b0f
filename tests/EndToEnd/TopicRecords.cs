using Confluent.Kafka;
using StockActors.Market;
using StockActors.Market.Wire;

namespace StockActors.EndToEnd;

/// <summary>What a reader of committed records finds in a topic.</summary>
public sealed class TopicRecords
{
    private readonly List<(int Lane, DateTime At, string Key, byte[] Value, Tick Tick)> _records = [];

    /// <summary>Reads all of a topic as it is now.</summary>
    public static async Task<TopicRecords> ReadAsync(string kafka, string topic)
    {
        var read = new TopicRecords();
        await EachAsync(kafka, topic, (found, tick) =>
            read._records.Add((found.Partition.Value, found.Message.Timestamp.UtcDateTime, found.Message.Key, found.Message.Value, tick)));
        return read;
    }

    /// <summary>Reads all of a topic as it is now, and keeps nothing.</summary>
    public static Task EachAsync(string kafka, string topic, Action<ConsumeResult<string, byte[]>, Tick> take) => Task.Run(() => Read(kafka, topic, take));

    public int Count => _records.Count;

    /// <summary>Whose records there are.</summary>
    public IReadOnlyList<string> Runs => [.. _records.Select(record => record.Tick.RunId).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Each symbol's records in the order of the log, as they were written.</summary>
    public IReadOnlyDictionary<string, List<string>> BySymbol => _records
        .GroupBy(record => record.Key)
        .ToDictionary(symbol => symbol.Key, symbol => symbol.Select(record => Convert.ToHexString(record.Value)).ToList());

    /// <summary>Per (run, symbol) every sequence from 1 on, each once and in order.</summary>
    public void AssertWhole()
    {
        Assert.NotEmpty(_records);
        foreach (var symbol in _records.GroupBy(record => (record.Tick.RunId, record.Key)))
        {
            var next = 1L;
            foreach (var record in symbol)
            {
                Assert.True(record.Tick.Sequence == next, $"{symbol.Key}: sequence {record.Tick.Sequence} stands where {next} should");
                next++;
            }
        }
    }

    /// <summary>The longest that any lane was silent around a moment: from its last record before it to its first one after it.</summary>
    public TimeSpan SilenceAt(DateTime moment) => _records
        .GroupBy(record => record.Lane)
        .Max(lane => lane.Where(record => record.At > moment).Min(record => record.At) - lane.Where(record => record.At <= moment).Max(record => record.At));

    /// <summary>In how many lanes there are records after a moment.</summary>
    public int PublishedAfter(DateTime moment) => _records.Where(record => record.At > moment).Select(record => record.Lane).Distinct().Count();

    private static void Read(string kafka, string topic, Action<ConsumeResult<string, byte[]>, Tick> take)
    {
        using var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig
        {
            BootstrapServers = kafka,
            GroupId = $"reader-{topic}",
            IsolationLevel = IsolationLevel.ReadCommitted,
            EnableAutoCommit = false,
            EnablePartitionEof = true,
        }).Build();
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka }).Build();
        var lanes = admin.GetMetadata(topic, TimeSpan.FromSeconds(20)).Topics[0].Partitions.Select(partition => partition.PartitionId).ToList();
        consumer.Assign(lanes.Select(lane => new TopicPartitionOffset(topic, lane, Offset.Beginning)));
        var decoder = new TickDecoder();
        for (var ended = new HashSet<int>(); ended.Count < lanes.Count;)
        {
            var found = consumer.Consume(TimeSpan.FromSeconds(30));
            Assert.NotNull(found);
            if (found.IsPartitionEOF)
            {
                ended.Add(found.Partition.Value);
                continue;
            }

            Assert.True(decoder.TryDecode(found.Message.Value, out var tick, out var reason), reason);
            take(found, tick);
        }

        consumer.Close();
    }
}
