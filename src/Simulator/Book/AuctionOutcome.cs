namespace StockActors.Simulator.Book;

/// <summary>What an auction comes to; all 0 where no bid meets an offer.</summary>
/// <param name="Price">The one price of all its executions, in price ticks.</param>
/// <param name="Volume">What is executed, in all.</param>
/// <param name="Imbalance">What is bid for at that price or a higher one beyond what is offered at it or a lower one; negative where more is offered.</param>
public readonly record struct AuctionOutcome(long Price, long Volume, long Imbalance);
