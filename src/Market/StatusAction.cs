namespace StockActors.Market;

/// <summary>What a <see cref="TickKind.Status"/> record announces.</summary>
public enum StatusAction : byte
{
    /// <summary>Continuous trading begins (<c>open</c>).</summary>
    Open = 0,

    /// <summary>The trading day ends (<c>close</c>).</summary>
    Close = 1,

    /// <summary>An auction call begins (<c>auction</c>).</summary>
    Auction = 2,

    /// <summary>Trading stops within the day (<c>halt</c>).</summary>
    Halt = 3,

    /// <summary>Trading goes on after a halt (<c>resume</c>).</summary>
    Resume = 4,
}
