namespace StockActors.Pipeline.Messages;

/// <summary>One record was delivered.</summary>
/// <param name="Part">The record and where it is.</param>
/// <param name="PassThrough">What went in with it.</param>
public sealed record Result<TKey, TValue, TPassThrough>(Delivered<TKey, TValue> Part, TPassThrough PassThrough) : IResults<TKey, TValue, TPassThrough>;
