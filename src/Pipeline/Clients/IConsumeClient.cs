using Confluent.Kafka;

namespace StockActors.Pipeline.Clients;

/// <summary>
/// What a consumer needs of Kafka's client. One thread, the consumer's own, makes all calls but <see cref="Wake"/>, <see cref="Commit"/> and
/// <see cref="EndOf"/>. Errors are Confluent.Kafka's.
/// </summary>
internal interface IConsumeClient : IDisposable
{
    /// <summary>Becomes a member of the group.</summary>
    void Subscribe(IReadOnlyList<string> topics);

    /// <summary>Reads these partitions, without a group.</summary>
    void Assign(IReadOnlyList<TopicPartitionOffset> partitions);

    /// <summary>The queue of a partition that is about to be assigned; from now on the partition's records come in through it alone.</summary>
    IPartitionQueue Open(TopicPartition partition);

    /// <summary>Serves what is not records: assignments and revocations are told to <see cref="IRebalances"/> within the call. It does not wait.</summary>
    void Poll();

    /// <summary>Waits until something has come, or <see cref="Wake"/> was called since the last wait.</summary>
    void Wait(TimeSpan atMost);

    /// <summary>Ends the wait.</summary>
    void Wake();

    /// <summary>Commits offsets to the group, and waits for its answer.</summary>
    void Commit(IReadOnlyList<TopicPartitionOffset> offsets);

    /// <summary>The offset behind a partition's last record as the last fetch said it; <c>null</c> where it is not known.</summary>
    long? EndOf(TopicPartition partition);

    /// <summary>Leaves the group: what is still assigned is revoked within the call.</summary>
    void Close();
}
