namespace StockActors.Pipeline.Messages;

/// <summary>What goes into a producing flow: no record, one or several, and what is to come out with their results. <see cref="ProducerMessage"/> makes them.</summary>
public interface IEnvelope<TKey, TValue, out TPassThrough>
{
    /// <summary>What comes out with the results, such as the offset to commit.</summary>
    TPassThrough PassThrough { get; }
}
