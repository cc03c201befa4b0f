using Confluent.Kafka;
using StockActors.Pipeline.Settings;

namespace StockActors.Pipeline;

/// <summary>
/// Writes records that can't be read to the topic's dead-letter topic, each with its reason, lane and offset in headers
/// (<c>reason</c>, <c>topic</c>, <c>lane</c>, <c>offset</c>, as text). At least once: lane and offset tell a repeat.
/// </summary>
public sealed class DeadLetters : IDisposable
{
    // Most logs have none: the client is made for the first.
    private readonly Lazy<IProducer<byte[]?, byte[]?>> _producer;
    private readonly string _topic;

    /// <summary>Makes the writer.</summary>
    public DeadLetters(KafkaSettings kafka, string topic)
    {
        _topic = topic;
        _producer = new(() => new ProducerBuilder<byte[]?, byte[]?>(kafka.Configure(new ProducerConfig { EnableIdempotence = true, LingerMs = 5, CompressionType = CompressionType.Lz4 }))
            .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build());
    }

    /// <summary>Writes records to their lane's partition and returns when all are acknowledged.</summary>
    /// <exception cref="LogException">One was not.</exception>
    public async Task WriteAsync(int lane, IReadOnlyList<(long Offset, byte[]? Key, byte[]? Value, string Reason)> records, CancellationToken cancel)
    {
        var to = new TopicPartition(KafkaLog.DeadOf(_topic), lane);
        try
        {
            await Task.WhenAll(records.Select(record => _producer.Value.ProduceAsync(to, new Message<byte[]?, byte[]?>
            {
                Key = record.Key,
                Value = record.Value,
                Headers = new Headers
                {
                    { "reason", Utf8(record.Reason) },
                    { "topic", Utf8(_topic) },
                    { "lane", Utf8($"{lane}") },
                    { "offset", Utf8($"{record.Offset}") },
                },
            }, cancel)));
        }
        catch (KafkaException e)
        {
            throw new LogException($"Records of lane {lane} of {_topic} that can't be read could not be written to {to.Topic}: {e.Error.Reason}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_producer.IsValueCreated)
            _producer.Value.Dispose();
    }

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
