namespace StockActors.Pipeline.Messages;

/// <summary>Makes envelopes.</summary>
public static class ProducerMessage
{
    /// <summary>One record.</summary>
    public static IEnvelope<TKey, TValue, TPassThrough> Single<TKey, TValue, TPassThrough>(ProducerRecord<TKey, TValue> record, TPassThrough passThrough) =>
        new Message<TKey, TValue, TPassThrough>(record, passThrough);

    /// <summary>Several records, whose result comes out once.</summary>
    public static IEnvelope<TKey, TValue, TPassThrough> Multi<TKey, TValue, TPassThrough>(
        IReadOnlyList<ProducerRecord<TKey, TValue>> records, TPassThrough passThrough) => new MultiMessage<TKey, TValue, TPassThrough>(records, passThrough);

    /// <summary>No record: such as an input that leads to none, whose offset is to be committed all the same.</summary>
    public static IEnvelope<TKey, TValue, TPassThrough> PassThrough<TKey, TValue, TPassThrough>(TPassThrough passThrough) =>
        new PassThroughMessage<TKey, TValue, TPassThrough>(passThrough);
}
