using Confluent.Kafka;

namespace StockActors.Pipeline.Clients;

/// <summary>Who waits for a record's delivery.</summary>
internal interface IDelivery
{
    /// <summary>Told once, on any thread: the record is delivered or given up.</summary>
    void Report(ErrorCode error, Partition partition, Offset offset, Timestamp timestamp);
}
