using StockActors.Market;

namespace StockActors.Simulator.Book;

/// <summary>One meeting of two orders: of an aggressor with a resting one, or in an auction of a bid with an offer.</summary>
/// <param name="Taker">The aggressor's order; in an auction the bid.</param>
/// <param name="Maker">The resting order; in an auction the offer.</param>
/// <param name="TakerSide">The aggressor's side: <see cref="Side.Bid"/> buys; <see cref="Side.None"/> in an auction.</param>
/// <param name="Price">The resting order's price, or the auction's, in price ticks.</param>
/// <param name="Size">What is traded, more than 0.</param>
/// <param name="TakerOwner">Whose the taker is.</param>
/// <param name="MakerOwner">Whose the maker is.</param>
/// <param name="TakerFilled">Whether nothing of the taker is left.</param>
/// <param name="MakerFilled">Whether nothing of the maker is left.</param>
public readonly record struct Execution(
    long Taker, long Maker, Side TakerSide, long Price, long Size, Owner TakerOwner, Owner MakerOwner, bool TakerFilled, bool MakerFilled);
