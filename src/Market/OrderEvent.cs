namespace StockActors.Market;

/// <summary>
/// What a <see cref="TickKind.Order"/> says: one change of an order that stands. What an incoming order takes at once is told by the
/// <see cref="OrderAction.Execute"/> of those that stood, and only what is left of it is added. An auction's trade has two, the buyer's and then the seller's,
/// with one trade id.
/// </summary>
/// <param name="Action">What happened; the three that are of the book as a whole have nothing else but <paramref name="IsLast"/>.</param>
/// <param name="Side">The order's side; <see cref="Market.Side.None"/> where it is of the book as a whole.</param>
/// <param name="IsLast">Whether the best bid and offer after it are seen: where they are others than were quoted, a quote follows. It is never set before an auction.</param>
/// <param name="OrderId">The order, from 1 per (run, symbol, day).</param>
/// <param name="Price">The order's limit, of an execution the trade's price, in units of 1e-9 (<see cref="Market.Price"/>); <c>null</c> for an order at the market.</param>
/// <param name="Size">What was added, taken away or executed; of a modification the new size.</param>
/// <param name="Remaining">What stands of the order after it, 0 or more.</param>
/// <param name="TradeId">The trade's id; <c>null</c> where it is no execution.</param>
public readonly record struct OrderEvent(
    OrderAction Action, Side Side, bool IsLast, long OrderId, long? Price, long Size, long Remaining, long? TradeId);
