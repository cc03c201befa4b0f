using StockActors.Market;

namespace StockActors.Node.Markets;

/// <summary>A symbol as the live view shows it.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Last">The last trade's price (a bar's close), or <c>null</c> before the first.</param>
/// <param name="Book">The best bid and offer.</param>
/// <param name="Volume">Traded size since the start.</param>
internal readonly record struct MarketLine(string Symbol, long? Last, BestBidOffer Book, long Volume)
{
    /// <summary>The line after one more tick.</summary>
    public MarketLine After(in Tick tick) => tick.Kind switch
    {
        TickKind.Trade => this with { Symbol = tick.Symbol, Last = tick.Trade.Price, Volume = Volume + tick.Trade.Size },
        TickKind.Quote => this with { Symbol = tick.Symbol, Book = tick.Book },
        TickKind.Bar => this with { Symbol = tick.Symbol, Last = tick.Bar!.Close, Volume = Volume + (tick.Bar.Volume ?? 0) },
        _ => this with { Symbol = tick.Symbol },
    };
}
