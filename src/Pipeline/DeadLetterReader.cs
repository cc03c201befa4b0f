using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Confluent.Kafka;
using StockActors.Pipeline.Settings;

namespace StockActors.Pipeline;

/// <summary>Reads a topic's dead letters, and produces them to the topic again.</summary>
public static class DeadLetterReader
{
    private const int BatchRecords = 1000;

    /// <summary>The dead letters of a topic as they are now, each once however often it was written, by lane and place.</summary>
    /// <param name="log">The cluster.</param>
    /// <param name="topic">The topic they came from.</param>
    /// <param name="lane">One lane's; <c>null</c> for all.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <exception cref="LogException">There is no dead-letter topic, or it can't be read.</exception>
    public static async IAsyncEnumerable<DeadRecord> ReadAsync(KafkaLog log, string topic, int? lane, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var dead = await log.FindAsync(KafkaLog.DeadOf(topic), cancel)
            ?? throw new LogException($"There is no topic {KafkaLog.DeadOf(topic)} at {log.Settings.BootstrapServers}: nothing of {topic} was ever ingested, or --topic is another.");
        if (lane >= dead.Lanes)
            throw new LogException($"Topic {topic} has the lanes 0 to {dead.Lanes - 1}; --lane asks for {lane}.");
        using var consumer = NewConsumer(log.Settings, "stockactors-dead");
        for (var from = lane ?? 0; from < (lane + 1 ?? dead.Lanes); from++)
        {
            var (low, high) = await log.ExtentAsync(dead.Name, from, cancel);
            if (low == high)
                continue;
            consumer.Assign(new TopicPartitionOffset(dead.Name, from, low));
            var seen = new HashSet<long>();
            var isAtEnd = false;
            while (!isAtEnd)
            {
                var batch = await Task.Run(() => Batch(consumer, dead.Name, high, out isAtEnd, cancel), cancel);
                foreach (var record in batch)
                {
                    if (record.Offset < 0 || seen.Add(record.Offset))
                        yield return record;
                }
            }
        }
    }

    /// <summary>
    /// Produces dead letters to their topic again, each to the lane that it came from and once ever: how far a lane was replayed is committed in
    /// the same transaction.
    /// </summary>
    /// <param name="log">The cluster.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="lane">One lane's; <c>null</c> for all.</param>
    /// <param name="replayed">Told of every one, after its transaction.</param>
    /// <param name="cancel">Ends after the transaction under way.</param>
    /// <exception cref="LogException">They can't be read or produced. What was told is produced, nothing else.</exception>
    public static async Task ReplayAsync(KafkaLog log, string topic, int? lane, Action<DeadRecord> replayed, CancellationToken cancel = default)
    {
        var dead = KafkaLog.DeadOf(topic);
        try
        {
            using var group = NewConsumer(log.Settings, GroupOf(topic));
            using var producer = new ProducerBuilder<byte[]?, byte[]?>(log.Settings.Configure(new ProducerConfig { TransactionalId = GroupOf(topic), LingerMs = 5 }))
                .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();

            // Who replays at the same time is fenced, and so reads afterwards how far this one has come.
            await Task.Run(() => producer.InitTransactions(log.Settings.ConnectTimeout), cancel);
            var done = new Dictionary<int, long>();
            var batch = new List<DeadRecord>();
            await foreach (var record in ReadAsync(log, topic, lane, cancel))
            {
                if (!done.TryGetValue(record.Lane, out var from))
                {
                    var committed = await Task.Run(() => group.Committed([new TopicPartition(dead, record.Lane)], log.Settings.ConnectTimeout), cancel);
                    done[record.Lane] = from = committed[0].Offset.IsSpecial ? 0 : committed[0].Offset.Value;
                }

                if (record.DeadOffset < from)
                    continue;
                if (batch.Count == BatchRecords || (batch.Count > 0 && batch[0].Lane != record.Lane))
                    await CommitAsync();
                batch.Add(record);
            }

            await CommitAsync();

            async Task CommitAsync()
            {
                if (batch.Count == 0)
                    return;
                await Task.Run(() => Produce(producer, group, topic, dead, batch, log.Settings.ConnectTimeout), CancellationToken.None);
                batch.ForEach(replayed);
                batch.Clear();
                cancel.ThrowIfCancellationRequested();
            }
        }
        catch (KafkaException e)
        {
            throw new LogException($"Dead letters of {topic} can't be replayed: {e.Error.Reason} What was not told is not produced; replay again.", e);
        }
    }

    /// <summary>The group that says how far a topic's dead letters were replayed.</summary>
    private static string GroupOf(string topic) => $"stockactors.replay.{KafkaLog.DeadOf(topic)}";

    private static IConsumer<byte[]?, byte[]?> NewConsumer(KafkaSettings kafka, string group) =>
        new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerSettings(kafka, group).ToConfig())
            .SetKeyDeserializer(Raw).SetValueDeserializer(Raw).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();

    private static readonly RawDeserializer Raw = new();

    private static List<DeadRecord> Batch(IConsumer<byte[]?, byte[]?> consumer, string topic, long high, out bool isAtEnd, CancellationToken cancel)
    {
        var batch = new List<DeadRecord>();
        isAtEnd = false;
        try
        {
            while (batch.Count < BatchRecords && !isAtEnd)
            {
                var result = consumer.Consume(cancel);
                isAtEnd = result.IsPartitionEOF || result.Offset.Value >= high - 1;
                if (!result.IsPartitionEOF)
                    batch.Add(Read(result));
            }

            return batch;
        }
        catch (KafkaException e)
        {
            throw new LogException($"{topic} can't be read: {e.Error.Reason}", e);
        }
    }

    private static DeadRecord Read(ConsumeResult<byte[]?, byte[]?> result)
    {
        var headers = result.Message.Headers;
        var offset = Text("offset") is { } text && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
        return new DeadRecord(
            result.Partition.Value, offset, result.Offset.Value, new DateTimeOffset(result.Message.Timestamp.UtcDateTime), Text("reason") ?? "", result.Message.Key, result.Message.Value);

        string? Text(string name) => headers.TryGetLastBytes(name, out var bytes) ? Encoding.UTF8.GetString(bytes) : null;
    }

    private static void Produce(
        IProducer<byte[]?, byte[]?> producer, IConsumer<byte[]?, byte[]?> group, string topic, string dead, List<DeadRecord> batch, TimeSpan limit)
    {
        producer.BeginTransaction();
        foreach (var record in batch)
        {
            producer.Produce(new TopicPartition(topic, record.Lane), new Message<byte[]?, byte[]?>
            {
                Key = record.Key,
                Value = record.Value,
                Headers = new Headers { { "replayed", Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{record.Lane}/{record.Offset}")) } },
            });
        }

        producer.SendOffsetsToTransaction([new TopicPartitionOffset(dead, batch[^1].Lane, batch[^1].DeadOffset + 1)], group.ConsumerGroupMetadata, limit);
        producer.CommitTransaction(limit);
    }

    private sealed class RawDeserializer : IDeserializer<byte[]?>
    {
        public byte[]? Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) => isNull ? null : data.ToArray();
    }
}
