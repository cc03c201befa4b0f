namespace StockActors.Sinks.Chain;

/// <summary>The end of a chain as it was read.</summary>
/// <param name="Last">The newest entry; the next one has its number and one.</param>
/// <param name="Base">The newest entry that is no move: where the lane goes on from, and what may be unfinished.</param>
internal sealed record ChainHead(IChainEntry Last, IChainEntry Base)
{
    /// <summary>Whether moves stand behind the base: an epoch there had its objects and partitions before the first of them was put.</summary>
    public bool IsMoved => Last.N > Base.N;
}
