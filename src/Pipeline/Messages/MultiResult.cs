namespace StockActors.Pipeline.Messages;

/// <summary>Several records were delivered, all of them.</summary>
/// <param name="Parts">The records and where they are, in the order they went in.</param>
/// <param name="PassThrough">What went in with them.</param>
public sealed record MultiResult<TKey, TValue, TPassThrough>(IReadOnlyList<Delivered<TKey, TValue>> Parts, TPassThrough PassThrough)
    : IResults<TKey, TValue, TPassThrough>;
