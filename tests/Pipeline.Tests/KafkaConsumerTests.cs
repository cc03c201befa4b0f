using System.Collections.Concurrent;
using System.Text;
using Akka.Streams.Dsl;
using Confluent.Kafka;
using StockActors.Market;
using StockActors.Pipeline.Dsl;
using StockActors.Pipeline.Settings;

namespace StockActors.Pipeline.Tests;

/// <summary>The consumer over the real client, on the embedded broker.</summary>
public sealed class KafkaConsumerTests(EmbeddedLog log) : IClassFixture<EmbeddedLog>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Every_partition_starts_where_it_was_told_and_records_keep_offset_key_and_value()
    {
        var topic = await log.TopicAsync(lanes: 2);
        await ProduceAsync(topic, lane: 0, count: 300);
        await ProduceAsync(topic, lane: 1, count: 200);
        var seen = new ConcurrentDictionary<int, List<(long Offset, string Key, string Value)>>();

        await KafkaConsumer.BatchedPartitionedManualOffsetSource(Settings(topic), Subscriptions.Topics(topic.Name), StartingAt(lane => lane * 50))
            .Via(Flow.Create<PartitionSource<RecordBatch>>().MergeMany(2, partition => partition.Source))
            .TakeWhile(batch =>
            {
                using (batch)
                {
                    var list = seen.GetOrAdd(batch.Lane, _ => []);
                    for (var i = 0; i < batch.Count; i++)
                        list.Add((batch[i].Offset, Encoding.UTF8.GetString(batch[i].Key), Encoding.UTF8.GetString(batch[i].Value)));
                }

                return seen.Values.Sum(list => list.Count) < 450;
            })
            .RunWith(Sink.Ignore<RecordBatch>(), log.Materializer).WaitAsync(Patience);

        Assert.Equal(Enumerable.Range(0, 300).Select(i => ((long)i, $"k{i}", $"v{i}")), seen[0]);
        Assert.Equal(Enumerable.Range(50, 150).Select(i => ((long)i, $"k{i}", $"v{i}")), seen[1]);
    }

    [Fact]
    public async Task A_member_that_gets_no_partition_is_told_so()
    {
        var topic = await log.TopicAsync(lanes: 1);
        var first = Shares();
        Assert.Equal(1, await first.WaitAsync(Patience));
        Assert.Equal(0, await Shares().WaitAsync(Patience));

        Task<int> Shares()
        {
            var told = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            KafkaConsumer.BatchedPartitionedManualOffsetSource(
                Settings(topic),
                Subscriptions.Topics(topic.Name),
                (partitions, _) =>
                {
                    told.TrySetResult(partitions.Count);
                    return Task.FromResult<IReadOnlyList<TopicPartitionOffset>>([]);
                }).RunWith(Sink.Ignore<PartitionSource<RecordBatch>>(), log.Materializer);
            return told.Task;
        }
    }

    [Fact]
    public async Task A_plain_source_reads_what_a_bare_consumer_reads_headers_timestamps_nulls_and_all()
    {
        var topic = await log.TopicAsync(lanes: 1);
        Message<byte[]?, byte[]?>[] messages =
        [
            new() { Key = "k"u8.ToArray(), Value = "v"u8.ToArray(), Timestamp = new Timestamp(1234, TimestampType.CreateTime) },
            new() { Key = null, Value = [], Headers = new Headers { { "a", [1, 2] }, { "a", null }, { "b", [] } } },
            new() { Key = [], Value = null },
        ];
        using (var producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig { BootstrapServers = log.Kafka.BootstrapServers }).Build())
        {
            foreach (var message in messages)
                await producer.ProduceAsync(new TopicPartition(topic.Name, 0), message);
        }

        var from = new TopicPartitionOffset(topic.Name, 0, 0);
        using var bare = new ConsumerBuilder<byte[]?, byte[]?>(Settings(topic).ToConfig()).Build();
        bare.Assign(from);
        var expected = new List<string>();
        while (expected.Count < 3)
        {
            if (bare.Consume(Patience) is { IsPartitionEOF: false } record)
                expected.Add(Show(record));
        }

        bare.Close();
        var read = await KafkaConsumer.PlainSource(new ConsumerSettings<byte[]?, byte[]?>(log.Kafka, "g"), Subscriptions.AssignmentWithOffset(from))
            .Take(3).Select(Show).RunWith(Sink.Seq<string>(), log.Materializer).WaitAsync(Patience);

        Assert.Equal(expected, read);

        static string Show(ConsumeResult<byte[]?, byte[]?> record) =>
            $"{record.TopicPartitionOffset} {Hex(record.Message.Key)} {Hex(record.Message.Value)} {record.Message.Timestamp.UnixTimestampMs} {record.Message.Timestamp.Type} " +
            string.Join(",", record.Message.Headers?.Select(h => $"{h.Key}={Hex(h.GetValueBytes())}") ?? []);

        static string Hex(byte[]? bytes) => bytes is null ? "null" : $"'{Convert.ToHexString(bytes)}'";
    }

    [Fact]
    public async Task An_offset_that_the_log_does_not_have_fails_its_partition_by_name()
    {
        var topic = await log.TopicAsync(lanes: 1);
        await ProduceAsync(topic, lane: 0, count: 5);

        var error = await Assert.ThrowsAsync<LogException>(() => KafkaConsumer
            .PlainSource(new ConsumerSettings<string, string>(log.Kafka, "g"), Subscriptions.AssignmentWithOffset(new TopicPartitionOffset(topic.Name, 0, 1_000_000)))
            .RunWith(Sink.Ignore<ConsumeResult<string, string>>(), log.Materializer).WaitAsync(Patience));

        Assert.Contains($"Lane 0 of {topic.Name}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_property_that_is_not_the_clients_fails_the_stream_by_name()
    {
        var settings = new ConsumerSettings<string, string>(log.Kafka with { Properties = new Dictionary<string, string> { ["no.such.property"] = "1" } }, "g");

        var error = await Assert.ThrowsAsync<LogException>(() => KafkaConsumer.PlainSource(settings, Subscriptions.Topics("t"))
            .RunWith(Sink.Ignore<ConsumeResult<string, string>>(), log.Materializer).WaitAsync(Patience));

        Assert.Contains("no.such.property", error.Message, StringComparison.Ordinal);
        Assert.Contains("Kafka:Properties", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_that_nothing_says_how_to_read_is_an_error_at_once()
    {
        var error = Assert.Throws<LogException>(() => KafkaConsumer.PlainSource(new ConsumerSettings<string, Uri>(log.Kafka, "g"), Subscriptions.Topics("t")));

        Assert.Contains("ValueDeserializer", error.Message, StringComparison.Ordinal);
    }

    private ConsumerSettings Settings(LogTopic topic) => new(log.Kafka, "group-" + topic.Name);

    private static Func<IReadOnlyList<TopicPartition>, CancellationToken, Task<IReadOnlyList<TopicPartitionOffset>>> StartingAt(Func<int, long> start) =>
        (lanes, _) => Task.FromResult<IReadOnlyList<TopicPartitionOffset>>([.. lanes.Select(lane => new TopicPartitionOffset(lane, start(lane.Partition.Value)))]);

    private async Task ProduceAsync(LogTopic topic, int lane, int count)
    {
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = log.Kafka.BootstrapServers, LingerMs = 5 }).Build();
        await Task.WhenAll(Enumerable.Range(0, count).Select(i =>
            producer.ProduceAsync(new TopicPartition(topic.Name, lane), new Message<string, string> { Key = $"k{i}", Value = $"v{i}" })));
    }
}
