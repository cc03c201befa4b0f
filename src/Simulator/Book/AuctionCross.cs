namespace StockActors.Simulator.Book;

/// <summary>Finds the price of an auction.</summary>
internal static class AuctionCross
{
    private const long NoBid = 0;
    private const long NoOffer = OrderBook.MaxPrice + 1;

    /// <summary>The price of maximal volume, among those the ones of minimal imbalance, among those the one nearest to a reference price.</summary>
    public static AuctionOutcome Find(BookSide bids, BookSide asks, long reference)
    {
        // Best meeting best is the most that any price can execute, and the last two that meet bound the prices that execute as much.
        var (volume, lowest, highest) = (0L, 1L, OrderBook.MaxPrice);
        var (bid, ask) = (bids.First, asks.First);
        var (bidLeft, askLeft) = (SizeOf(bids, bid), SizeOf(asks, ask));
        while (Meets(bids, bid, asks, ask))
        {
            (lowest, highest) = (PriceOf(asks, ask, 1), PriceOf(bids, bid, OrderBook.MaxPrice));
            var met = Math.Min(bidLeft, askLeft);
            volume += met;
            bidLeft -= met;
            askLeft -= met;
            if (bidLeft == 0)
                bidLeft = SizeOf(bids, bid = bids.Next(bid));
            if (askLeft == 0)
                askLeft = SizeOf(asks, ask = asks.Next(ask));
        }

        if (volume == 0)
            return default;

        // What is left begins with a bid below an offer. Strictly between them nothing is in excess; up to the bid its size is, and from the offer on its own.
        var demand = Rest(bids, bid, bidLeft, OrderBook.MaxPrice, NoBid);
        var supply = Rest(asks, ask, askLeft, 1, NoOffer);
        var (from, to) = (Math.Max(lowest, demand.Price + 1), Math.Min(highest, supply.Price - 1));
        if (from <= to)
            return new AuctionOutcome(Math.Clamp(reference, from, to), volume, Imbalance: 0);

        var (atBid, atOffer) = (demand.Price >= lowest, supply.Price <= highest);
        var imbalance = atBid && atOffer ? Math.Min(demand.Size, supply.Size) : atBid ? demand.Size : supply.Size;
        (atBid, atOffer) = (atBid && demand.Size == imbalance, atOffer && supply.Size == imbalance);
        from = atBid ? Math.Max(lowest, demand.Beyond + 1) : supply.Price;
        to = atOffer ? Math.Min(highest, supply.Beyond - 1) : demand.Price;
        var price = Math.Clamp(reference, from, to);
        return new AuctionOutcome(price, volume, price <= demand.Price ? imbalance : -imbalance);
    }

    /// <summary>Whether the orders of a bid level and of an offer level trade with each other in an auction.</summary>
    public static bool Meets(BookSide bids, int bid, BookSide asks, int ask) =>
        bid != PriceTree.None && ask != PriceTree.None && PriceOf(bids, bid, OrderBook.MaxPrice) >= PriceOf(asks, ask, 1);

    private static (long Price, long Size, long Beyond) Rest(BookSide side, int level, long left, long atMarket, long none)
    {
        if (level == PriceTree.None)
            return (none, 0, none);
        var (price, next) = (PriceOf(side, level, atMarket), side.Next(level));
        if (level == BookSide.AtMarket && next != PriceTree.None && side[next].Price == price)
            (left, next) = (left + side[next].Size, side.Next(next));
        return (price, left, next == PriceTree.None ? none : side[next].Price);
    }

    private static long PriceOf(BookSide side, int level, long atMarket) => level == BookSide.AtMarket ? atMarket : side[level].Price;

    private static long SizeOf(BookSide side, int level) => level == PriceTree.None ? 0 : side[level].Size;
}
