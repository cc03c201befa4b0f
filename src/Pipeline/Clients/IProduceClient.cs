using Confluent.Kafka;
using StockActors.Pipeline.Messages;

namespace StockActors.Pipeline.Clients;

/// <summary>What the producing stage needs of Kafka's client.</summary>
internal interface IProduceClient<TKey, TValue> : IDisposable
{
    /// <summary>Queues a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="delivery">Told when the record is delivered or given up; never told where the record is not taken.</param>
    /// <returns>Whether it was taken: it is not when the client's queue is full.</returns>
    /// <exception cref="KafkaException">The record is refused.</exception>
    bool TryProduce(ProducerRecord<TKey, TValue> record, IDelivery delivery);
}
