using Confluent.Kafka;

namespace StockActors.Pipeline.Settings;

/// <summary>How a consumer reads.</summary>
/// <param name="Kafka">Where from.</param>
/// <param name="GroupId">The consumer group; its offsets are for lag tools where a chain is the truth.</param>
public sealed record ConsumerSettings(KafkaSettings Kafka, string GroupId)
{
    /// <summary>The most records in one batch.</summary>
    public int MaxBatchRecords { get; init; } = 4096;

    /// <summary>How long a revoked lane may take to finish or drop what is in flight before it is given up regardless.</summary>
    public TimeSpan RevocationTimeout { get; init; } = TimeSpan.FromSeconds(10);

    internal ConsumerConfig ToConfig() => Kafka.Configure(new ConsumerConfig
    {
        GroupId = GroupId,
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        EnablePartitionEof = true,
        // Where a lane starts is always said; an offset that is gone is an error to be told, never a place to guess.
        AutoOffsetReset = AutoOffsetReset.Error,
        IsolationLevel = IsolationLevel.ReadCommitted,
        PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
        QueuedMaxMessagesKbytes = 8 * 1024,
        FetchWaitMaxMs = 100,
        // A queue this small is full often: after the default of a second, a lane that was emptied in milliseconds would wait for the rest of it.
        FetchQueueBackoffMs = 10,
        // A member that was killed holds its lanes for so long.
        SessionTimeoutMs = 10_000,
        TopicMetadataRefreshIntervalMs = 30_000,
    });
}
