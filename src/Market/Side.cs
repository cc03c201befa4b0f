namespace StockActors.Market;

/// <summary>The aggressor's side of a trade.</summary>
public enum Side : byte
{
    /// <summary>No aggressor: an auction, or unknown (<c>N</c>).</summary>
    None = 0,

    /// <summary>A sell aggressor (<c>A</c>).</summary>
    Ask = 1,

    /// <summary>A buy aggressor (<c>B</c>).</summary>
    Bid = 2,
}
