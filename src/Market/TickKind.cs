namespace StockActors.Market;

/// <summary>The kinds of record on the log; each is a table of the lake. The first four are ticks, the others go beside them (<see cref="TickFeeds"/>).</summary>
public enum TickKind : byte
{
    /// <summary>An execution: an aggressor met a resting order, or an auction uncrossed.</summary>
    Trade = 0,

    /// <summary>The best bid and offer after a change.</summary>
    Quote = 1,

    /// <summary>A change of the market's state: open, close, auction, halt, resume.</summary>
    Status = 2,

    /// <summary>A bar that came in as a bar (CSV replay, foreign producer), never one that was computed from ticks.</summary>
    Bar = 3,

    /// <summary>A change of one standing order: the L3 feed, where a run was asked for it.</summary>
    Order = 4,

    /// <summary>What was really so in a simulation and no tick says, where a run was asked for it.</summary>
    Truth = 5,

    /// <summary>What a symbol of a run is simulated by: the first record before its <see cref="Truth"/>.</summary>
    Run = 6,
}
