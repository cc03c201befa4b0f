namespace StockActors.Pipeline.Messages;

/// <summary>One record; a <see cref="Result{TKey, TValue, TPassThrough}"/> comes out.</summary>
/// <param name="Record">The record.</param>
/// <param name="PassThrough">What comes out with its result.</param>
public sealed record Message<TKey, TValue, TPassThrough>(ProducerRecord<TKey, TValue> Record, TPassThrough PassThrough)
    : IEnvelope<TKey, TValue, TPassThrough>;
