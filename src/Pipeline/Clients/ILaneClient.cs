using Confluent.Kafka;

namespace StockActors.Pipeline.Clients;

/// <summary>What a lane's publisher needs of Kafka's client: its transactions, and a way in for many records at once. Errors are Confluent.Kafka's.</summary>
internal interface ILaneClient : IDisposable
{
    /// <summary>The newest error that the client told by itself, such as a broker that is not there; <c>null</c> before the first.</summary>
    string? LastError { get; }

    /// <summary>Takes the transactional id over.</summary>
    void InitTransactions(TimeSpan timeout);

    /// <summary>Begins a transaction.</summary>
    void BeginTransaction();

    /// <summary>Gives records to the transaction, as many as the client's queue has room for.</summary>
    /// <param name="to">The partition.</param>
    /// <param name="records">The records; copied before this returns.</param>
    /// <param name="first">The first record to give.</param>
    /// <param name="end">The record after the last one to give.</param>
    /// <returns>The first record that was not taken because the queue is full; <paramref name="end"/> where all were.</returns>
    /// <exception cref="KafkaException">A record is refused.</exception>
    int Produce(TopicPartition to, RecordBuffer records, int first, int end);

    /// <summary>Waits, at most so long, until what is queued is sent.</summary>
    void AwaitRoom(TimeSpan timeout);

    /// <summary>Commits the transaction.</summary>
    void CommitTransaction(TimeSpan timeout);

    /// <summary>Rolls the transaction back.</summary>
    void AbortTransaction(TimeSpan timeout);
}
