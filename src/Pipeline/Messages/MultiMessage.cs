namespace StockActors.Pipeline.Messages;

/// <summary>Several records; a <see cref="MultiResult{TKey, TValue, TPassThrough}"/> comes out when all are delivered. They are not one transaction.</summary>
/// <param name="Records">The records, produced in this order.</param>
/// <param name="PassThrough">What comes out with their results.</param>
public sealed record MultiMessage<TKey, TValue, TPassThrough>(IReadOnlyList<ProducerRecord<TKey, TValue>> Records, TPassThrough PassThrough)
    : IEnvelope<TKey, TValue, TPassThrough>;
