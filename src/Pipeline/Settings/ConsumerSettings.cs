using Confluent.Kafka;

namespace StockActors.Pipeline.Settings;

/// <summary>How a consumer reads.</summary>
/// <param name="Kafka">Where from.</param>
/// <param name="GroupId">The consumer group; its offsets are for lag tools where a chain is the truth.</param>
public record ConsumerSettings(KafkaSettings Kafka, string GroupId)
{
    /// <summary>The most records that one poll round takes of a partition, 1 to 4096.</summary>
    public int MaxBatchRecords { get; init; } = 4096;

    /// <summary>
    /// About how many records of each partition are fetched before they are asked for. One takes some 600 bytes more than itself: who reads many
    /// partitions gives each less.
    /// </summary>
    public int FetchAheadRecords { get; init; } = 10_000;

    /// <summary>
    /// How long the broker keeps a fetch open while none of its partitions has anything new. One that wants more meanwhile waits with it: who reads up to
    /// an end, past which some partitions come before others, waits less.
    /// </summary>
    public TimeSpan FetchWait { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Where a partition starts of which the group has no offset and none was given. By default that is an error: a place to start is to be said,
    /// and an offset that retention has dropped is a loss to be told, never a place to guess.
    /// </summary>
    public AutoOffsetReset StartWhereUnknown { get; init; } = AutoOffsetReset.Error;

    /// <summary>How partitions are shared out in the group.</summary>
    public PartitionAssignmentStrategy Assignment { get; init; } = PartitionAssignmentStrategy.CooperativeSticky;

    /// <summary>How long a revoked partition may take to finish or drop what is in flight before it is given up regardless.</summary>
    public TimeSpan RevocationTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the consumer stays a member after <see cref="Dsl.IControl.Stop"/> for what is in flight to be committed, where nobody shuts it down.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    internal ConsumerConfig ToConfig() => Kafka.Configure(new ConsumerConfig
    {
        GroupId = GroupId,
        ClientId = MemberProcess.Current.ClientId,
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        EnablePartitionEof = true,
        AutoOffsetReset = StartWhereUnknown,
        IsolationLevel = IsolationLevel.ReadCommitted,
        PartitionAssignmentStrategy = Assignment,
        QueuedMaxMessagesKbytes = 8 * 1024,
        QueuedMinMessages = FetchAheadRecords,
        // What is fetched at once is read while it is still in the processor's caches, and the client's thread seldom waits for the memory of what was read.
        MaxPartitionFetchBytes = 64 * 1024,
        FetchWaitMaxMs = (int)FetchWait.TotalMilliseconds,
        // A queue this small is full often: after the default of a second, a lane that was emptied in milliseconds would wait for the rest of it.
        FetchQueueBackoffMs = 10,
        // A member that was killed holds its lanes for so long, unless it is seen by its client id that it was.
        SessionTimeoutMs = 10_000,
        TopicMetadataRefreshIntervalMs = 30_000,
    });
}
