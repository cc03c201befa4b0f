using Confluent.Kafka;

namespace StockActors.Pipeline.Clients;

/// <summary>Who is told what the group gives and takes, on the thread that polls. None of it throws.</summary>
internal interface IRebalances
{
    /// <summary>Partitions are assigned.</summary>
    /// <returns>Where each is read from; one that is left out is not read.</returns>
    IReadOnlyList<TopicPartitionOffset> Assigned(IReadOnlyList<TopicPartition> partitions);

    /// <summary>Partitions are to be given up; they are when this returns.</summary>
    void Revoked(IReadOnlyList<TopicPartition> partitions);

    /// <summary>Partitions belong to others already.</summary>
    void Lost(IReadOnlyList<TopicPartition> partitions);

    /// <summary>The client can't go on.</summary>
    void Failed(Error error);
}
