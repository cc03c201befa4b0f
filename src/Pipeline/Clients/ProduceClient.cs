using Confluent.Kafka;
using StockActors.Pipeline.Messages;
using StockActors.Pipeline.Settings;

namespace StockActors.Pipeline.Clients;

/// <summary>Confluent.Kafka's producer.</summary>
internal sealed class ProduceClient<TKey, TValue> : IProduceClient<TKey, TValue>
{
    private readonly IProducer<TKey, TValue> _producer;

    public ProduceClient(ProducerSettings<TKey, TValue> settings)
    {
        var builder = new ProducerBuilder<TKey, TValue>(settings.ToConfig()).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { });
        if (settings.KeySerializer is not null)
            builder.SetKeySerializer(settings.KeySerializer);
        if (settings.ValueSerializer is not null)
            builder.SetValueSerializer(settings.ValueSerializer);
        _producer = builder.Build();
    }

    public bool TryProduce(ProducerRecord<TKey, TValue> record, Action<DeliveryReport<TKey, TValue>> delivered)
    {
        try
        {
            _producer.Produce(record.To, record.Message, delivered);
            return true;
        }
        catch (ProduceException<TKey, TValue> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }

    public void Dispose() => _producer.Dispose();
}
