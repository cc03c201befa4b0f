namespace StockActors.Market;

/// <summary>The best level of each side; a side with no orders is <c>null</c>.</summary>
/// <param name="Bid">The best bid.</param>
/// <param name="Ask">The best offer.</param>
public readonly record struct BestBidOffer(BookLevel? Bid, BookLevel? Ask);
