namespace StockActors.Market;

/// <summary>What kind of truth a <see cref="Truth"/> tells.</summary>
public enum TruthKind : byte
{
    /// <summary>What a symbol is worth (<c>value</c>), once a simulated minute.</summary>
    Value = 0,

    /// <summary>A large order that an institution worked off in children (<c>metaorder</c>).</summary>
    Metaorder = 1,

    /// <summary>One market order that was far too large (<c>fat-finger</c>).</summary>
    FatFinger = 2,

    /// <summary>Orders that were shown and taken away, while their owner traded on the other side (<c>spoofing</c>).</summary>
    Spoofing = 3,

    /// <summary>A seller who did not look at the price, while the market makers stood aside (<c>flash-crash</c>).</summary>
    FlashCrash = 4,

    /// <summary>The market went on, and its ticks were not published (<c>feed-gap</c>).</summary>
    FeedGap = 5,
}
