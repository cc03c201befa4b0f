namespace StockActors.Pipeline.Messages;

/// <summary>There was no record; what went in before has been delivered or was dropped under supervision.</summary>
/// <param name="PassThrough">What went in.</param>
public sealed record PassThroughResult<TKey, TValue, TPassThrough>(TPassThrough PassThrough) : IResults<TKey, TValue, TPassThrough>;
