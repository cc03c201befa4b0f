namespace StockActors.Market;

/// <summary>What a <see cref="TickKind.Order"/> record tells of one order, or of the book as a whole.</summary>
public enum OrderAction : byte
{
    /// <summary>An order stands from here on, behind those at its price (<c>add</c>).</summary>
    Add = 0,

    /// <summary>A standing order has another price or size, and stands behind those at its price now (<c>modify</c>).</summary>
    Modify = 1,

    /// <summary>A standing order is taken away, by its owner or by the exchange (<c>cancel</c>).</summary>
    Cancel = 2,

    /// <summary>Some of a standing order, or all of it, is executed (<c>execute</c>).</summary>
    Execute = 3,

    /// <summary>No order stands: a day begins (<c>clear</c>).</summary>
    Clear = 4,

    /// <summary>From here on orders gather for an auction and nothing is quoted; executions are the auction's (<c>auction</c>).</summary>
    Auction = 5,

    /// <summary>From here on orders trade as they come, and the best bid and offer are quoted anew (<c>open</c>).</summary>
    Open = 6,
}
