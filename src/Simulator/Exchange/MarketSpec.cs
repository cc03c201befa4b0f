using StockActors.Market;

namespace StockActors.Simulator.Exchange;

/// <summary>What one symbol's market is. The same for a whole run.</summary>
public sealed record MarketSpec
{
    /// <summary>Describes a market.</summary>
    /// <param name="symbol">The symbol.</param>
    /// <param name="startPrice">
    /// The first day's previous close in units of 1e-9, a multiple of <paramref name="tickSize"/> and at most half of <see cref="Price.Max"/>.
    /// </param>
    /// <param name="tickSize">The least difference of two prices in units of 1e-9, 1 or more.</param>
    /// <param name="lot">The unit of sizes, 1 or more.</param>
    /// <exception cref="ArgumentException">One of them is out of range; the message says which and why.</exception>
    public MarketSpec(string symbol, long startPrice, long tickSize, int lot)
    {
        if (!Market.Symbol.IsValid(symbol))
        {
            throw new ArgumentException(
                $"'{symbol}' is no symbol: 1 to {Market.Symbol.MaxLength} printable ASCII characters without spaces, quotes or slashes.", nameof(symbol));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(tickSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(lot, 1);
        if (startPrice < tickSize || startPrice > Price.Max / 2 || startPrice % tickSize != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(startPrice),
                startPrice,
                $"{symbol} must start at a multiple of its tick size, {Price.Format(tickSize)}, and at most at {Price.Format(Price.Max / 2)}, which leaves room to rise.");
        }

        (Symbol, StartPrice, TickSize, Lot) = (symbol, startPrice, tickSize, lot);
    }

    /// <summary>The symbol.</summary>
    public string Symbol { get; }

    /// <summary>The first day's previous close in units of 1e-9; the price around which the market stays in the long run.</summary>
    public long StartPrice { get; }

    /// <summary>The least difference of two prices in units of 1e-9.</summary>
    public long TickSize { get; }

    /// <summary>The unit of sizes.</summary>
    public int Lot { get; }

    /// <summary>Where the market stands at the open of a run's first day.</summary>
    public MarketPosition AtFirstOpen => new(Symbol, NextSequence: 1, NextTradeId: 1, StartPrice, TickChecksum.Empty);

    /// <summary>
    /// The market that a run without a scenario gives the symbol of a number: <c>S000</c>, <c>S001</c> … at prices from 20.00 to 499.99,
    /// spread by the golden ratio, in steps of 0.01 and lots of 100.
    /// </summary>
    /// <param name="index">0 or more.</param>
    public static MarketSpec Default(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        const long cent = Price.One / 100;
        var fraction = (ulong)((uint)index * 0x9e3779b9);
        var cents = 2_000 + (long)(fraction * 48_000 >> 32);
        return new MarketSpec($"S{index:D3}", cents * cent, cent, lot: 100);
    }
}
