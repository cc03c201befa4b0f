namespace StockActors.Market;

/// <summary>Records that are numbered together, from 1 per (run, symbol), and go to one topic (<see cref="TickFeeds"/>).</summary>
public enum TickFeed : byte
{
    /// <summary>Trades, quotes, status and bars.</summary>
    Ticks = 0,

    /// <summary>Every change of every order, where a run was asked for it (<c>&lt;topic&gt;.orders</c>).</summary>
    Orders = 1,

    /// <summary>What a run simulates and what was really so in it, where it was asked for it (<c>&lt;topic&gt;.truth</c>).</summary>
    Truth = 2,
}
