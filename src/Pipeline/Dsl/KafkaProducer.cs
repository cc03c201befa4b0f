using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using StockActors.Pipeline.Clients;
using StockActors.Pipeline.Messages;
using StockActors.Pipeline.Settings;
using StockActors.Pipeline.Stages;

namespace StockActors.Pipeline.Dsl;

/// <summary>
/// Kafka as the end of a stream, or a step of it. Each materialization has a client of its own. The client's full queue is backpressure. A record
/// that is not delivered is a <see cref="DeliveryException"/>: the stream fails, or drops the envelope and goes on, as
/// <see cref="ActorAttributes.SupervisionStrategy"/> says.
/// </summary>
public static class KafkaProducer
{
    /// <summary>Produces records; the task is done when the stream is and every record is delivered, and fails as the stream does.</summary>
    public static Sink<ProducerRecord<TKey, TValue>, Task<Done>> PlainSink<TKey, TValue>(ProducerSettings<TKey, TValue> settings) =>
        Flow.Create<ProducerRecord<TKey, TValue>>()
            .Select(record => ProducerMessage.Single(record, NotUsed.Instance))
            .Via(FlexiFlow<TKey, TValue, NotUsed>(settings))
            .ToMaterialized(Sink.Ignore<IResults<TKey, TValue, NotUsed>>(), Keep.Right);

    /// <summary>
    /// Produces what envelopes hold, and passes through what they pass through once it is delivered, in the order it came. Cancelled, failed from
    /// above or completed, it first awaits what is in flight.
    /// </summary>
    public static Flow<IEnvelope<TKey, TValue, TPassThrough>, IResults<TKey, TValue, TPassThrough>, NotUsed> FlexiFlow<TKey, TValue, TPassThrough>(
        ProducerSettings<TKey, TValue> settings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.MaxInFlight, 1);
        return Flow.FromGraph(new ProducerStage<TKey, TValue, TPassThrough>(() => new ProduceClient<TKey, TValue>(settings), settings.MaxInFlight));
    }
}
