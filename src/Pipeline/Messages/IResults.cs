namespace StockActors.Pipeline.Messages;

/// <summary>What comes out of a producing flow: what an envelope passed through, and where its records were written.</summary>
public interface IResults<TKey, TValue, out TPassThrough>
{
    /// <summary>What went in with the records.</summary>
    TPassThrough PassThrough { get; }
}
