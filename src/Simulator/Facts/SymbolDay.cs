using StockActors.Market;

namespace StockActors.Simulator.Facts;

/// <summary>What the stylized facts need to know of one symbol's day: the minutes of its continuous session, and sums over its orders.</summary>
public sealed record SymbolDay
{
    /// <summary>The symbol.</summary>
    public required string Symbol { get; init; }

    /// <summary>The day, in UTC.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>When the first minute begins, in nanoseconds since 1970-01-01 UTC.</summary>
    public required long Start { get; init; }

    /// <summary>The middle of best bid and offer at each minute's end, in the price's currency; <see cref="double.NaN"/> where a side was empty.</summary>
    public required double[] Mid { get; init; }

    /// <summary>The logarithmic return of the mid over each minute; <see cref="double.NaN"/> for a minute that was not traded through.</summary>
    public required double[] Return { get; init; }

    /// <summary>The size that aggressors traded in each minute.</summary>
    public required double[] Volume { get; init; }

    /// <summary>The order-flow imbalance of each minute (<see cref="OrderFlowImbalance"/>), in units of size.</summary>
    public required double[] Imbalance { get; init; }

    /// <summary>The size at the best bid at each minute's end.</summary>
    public required double[] BidSize { get; init; }

    /// <summary>The size at the best offer at each minute's end.</summary>
    public required double[] AskSize { get; init; }

    /// <summary>Sums over the signs of the day's market orders, of which <see cref="Autocorrelation.Of"/> makes their autocorrelation.</summary>
    public required double[] SignSums { get; init; }

    /// <summary>Sums over the day's market orders by size, of which <see cref="PriceImpact"/> makes its exponent.</summary>
    public required double[] ImpactSums { get; init; }

    /// <summary>The day's changes of state, in their order.</summary>
    public required IReadOnlyList<(long Time, Status Status)> States { get; init; }

    /// <summary>What auctions printed: when, at which price in the price's currency, and how much.</summary>
    public required IReadOnlyList<(long Time, double Price, long Size)> Auctions { get; init; }
}
