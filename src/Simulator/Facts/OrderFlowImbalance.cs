using StockActors.Market;

namespace StockActors.Simulator.Facts;

/// <summary>
/// Order-flow imbalance of Cont, Kukanov and Stoikov, "The Price Impact of Order Book Events" (Journal of Financial Econometrics 12, 2014), equation 4: what was
/// added to the best bid and taken from the best offer, less what was taken from the bid and added to the offer, quote by quote.
/// </summary>
internal struct OrderFlowImbalance
{
    private BookLevel? _bid;
    private BookLevel? _ask;

    /// <summary>What a quote adds to the imbalance, in units of size; 0 for a quote that has, or follows one that has, an empty side.</summary>
    public double Add(BestBidOffer book)
    {
        var sum = 0L;
        if (book is { Bid: { } bid, Ask: { } ask } && _bid is { } oldBid && _ask is { } oldAsk)
        {
            sum += bid.Price >= oldBid.Price ? bid.Size : 0;
            sum -= bid.Price <= oldBid.Price ? oldBid.Size : 0;
            sum -= ask.Price <= oldAsk.Price ? ask.Size : 0;
            sum += ask.Price >= oldAsk.Price ? oldAsk.Size : 0;
        }

        (_bid, _ask) = (book.Bid, book.Ask);
        return sum;
    }
}
