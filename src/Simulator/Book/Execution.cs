using StockActors.Market;

namespace StockActors.Simulator.Book;

/// <summary>One meeting of an aggressor with a resting order.</summary>
/// <param name="Taker">The aggressor's order.</param>
/// <param name="Maker">The resting order.</param>
/// <param name="TakerSide">The aggressor's side: <see cref="Side.Bid"/> buys.</param>
/// <param name="Price">The resting order's price, in price ticks.</param>
/// <param name="Size">What is traded, more than 0.</param>
/// <param name="MakerAgent">Who stood.</param>
/// <param name="MakerFilled">Whether nothing of the resting order is left.</param>
public readonly record struct Execution(
    long Taker, long Maker, Side TakerSide, long Price, long Size, AgentClass MakerAgent, bool MakerFilled);
