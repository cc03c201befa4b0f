using Confluent.Kafka;
using StockActors.Market.Wire;

namespace StockActors.Pipeline.Settings;

/// <summary>How a lane is published.</summary>
/// <param name="Kafka">Where to.</param>
/// <param name="Prefix">
/// The first part of the transactional id <c>prefix/topic/lane</c>. Whoever publishes a lane under the same prefix fences the one before; runs that
/// publish to a topic at the same time have prefixes of their own.
/// </param>
public sealed record PublisherSettings(KafkaSettings Kafka, string Prefix)
{
    private static readonly TimeSpan TransactionTimeout = TimeSpan.FromSeconds(60);

    /// <summary>How ticks are written.</summary>
    public WireFormat Wire { get; init; } = WireFormat.Protobuf;

    /// <summary>A transaction is closed when it holds this many ticks; a step of simulated time is never split.</summary>
    public int MaxTransactionTicks { get; init; } = 10_000;

    /// <summary>A transaction is closed at this age, however few ticks it holds.</summary>
    public TimeSpan MaxTransactionAge { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long an unreachable broker is asked again for the outcome of a transaction before the lane starts again from its progress. It is less than the
    /// transaction's own time, at whose end the broker rolls it back and refuses its producer as if another had taken over.
    /// </summary>
    public TimeSpan OutcomeTimeout { get; init; } = TransactionTimeout - TimeSpan.FromSeconds(15);

    /// <param name="topic">The topic.</param>
    /// <param name="part">What of it is published: a lane, or the name of a <see cref="SharedRecord"/>.</param>
    internal ProducerConfig ToConfig(string topic, string part) => Kafka.Configure(new ProducerConfig
    {
        TransactionalId = $"{Prefix}/{topic}/{part}",
        CompressionType = CompressionType.Lz4,
        LingerMs = 5,
        BatchSize = 1024 * 1024,
        QueueBufferingMaxMessages = 200_000,
        QueueBufferingMaxKbytes = 64 * 1024,
        TransactionTimeoutMs = (int)TransactionTimeout.TotalMilliseconds,
        DeliveryReportFields = "none",
        EnableDeliveryReports = false,
        TopicMetadataRefreshIntervalMs = 30_000,
    });
}
