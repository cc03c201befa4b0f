using StockActors.Market;

namespace StockActors.Simulator.Book;

/// <summary>An order in the book.</summary>
/// <param name="Id">The order.</param>
/// <param name="Side">Its side: <see cref="Market.Side.Bid"/> buys.</param>
/// <param name="Price">In price ticks; 0 for one that waits to trade at the market in an auction.</param>
/// <param name="Size">What remains of it.</param>
/// <param name="Owner">Whose it is.</param>
public readonly record struct StandingOrder(long Id, Side Side, long Price, long Size, Owner Owner);
