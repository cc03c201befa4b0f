namespace StockActors.Market;

/// <summary>What an <see cref="Intervention"/> does to its symbol.</summary>
public enum InterventionKind : byte
{
    /// <summary>Trading stops (<c>halt</c>); the symbol has no ticks until it is resumed, however many days pass.</summary>
    Halt = 0,

    /// <summary>Trading goes on (<c>resume</c>).</summary>
    Resume = 1,

    /// <summary>News: what the symbol is worth changes at once (<c>shock</c>); the feed says nothing of it.</summary>
    Shock = 2,
}
