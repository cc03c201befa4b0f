namespace StockActors.Market;

/// <summary>One side's best level.</summary>
/// <param name="Price">In units of 1e-9 (<see cref="Market.Price"/>).</param>
/// <param name="Size">Total size standing at the price, 0 or more.</param>
/// <param name="Count">How many orders stand there; <c>null</c> where a foreign producer does not say.</param>
public readonly record struct BookLevel(long Price, long Size, int? Count);
