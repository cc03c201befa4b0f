namespace StockActors.Pipeline.Messages;

/// <summary>No record; a <see cref="PassThroughResult{TKey, TValue, TPassThrough}"/> comes out after the results of what went in before.</summary>
/// <param name="PassThrough">What comes out.</param>
public sealed record PassThroughMessage<TKey, TValue, TPassThrough>(TPassThrough PassThrough) : IEnvelope<TKey, TValue, TPassThrough>;
