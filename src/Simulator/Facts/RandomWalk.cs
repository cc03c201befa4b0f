using StockActors.Market;
using StockActors.Simulator.Exchange;

namespace StockActors.Simulator.Facts;

/// <summary>
/// The control: a market that is none. The mid goes a price tick up or down by the toss of a coin at exponential intervals, the size that stands there is any, and
/// orders come at intervals of their own, bought or sold by the toss of another. What cannot tell this from a market measures nothing.
/// </summary>
public static class RandomWalk
{
    private const long Cent = Price.One / 100;
    private const long Lot = 100;
    private const long MeanQuoteGap = UnixNanos.PerSecond / 2;
    private const long MeanOrderGap = UnixNanos.PerSecond;
    private const long StartPrice = 10_000;

    /// <summary>Days of several symbols, each of which walks by itself.</summary>
    /// <param name="days">How many days, 1 or more.</param>
    /// <param name="symbols">How many symbols, 1 or more.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="first">The first day.</param>
    public static FactsSample Sample(int days, int symbols, long seed, TradingDay first)
    {
        var sample = new FactsSample();
        for (var day = first; days > 0; days--, day = day.Next)
        {
            for (var symbol = 0; symbol < symbols; symbol++)
                sample.Add(0, Day($"W{symbol:D3}", seed, day));
        }

        return sample;
    }

    /// <summary>One day of one symbol, as the facts' recorder sees it.</summary>
    /// <param name="symbol">The symbol; each is independent of the others.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="day">The day.</param>
    public static SymbolDay Day(string symbol, long seed, TradingDay day)
    {
        var random = new RandomStream(seed, symbol, day.Date, 0);
        var recorder = new DayRecorder(symbol);
        var price = StartPrice;
        var book = Book();
        recorder.Add(State(day.Open, StatusAction.Open));
        recorder.Add(new Tick { Symbol = symbol, Kind = TickKind.Quote, TsEvent = day.Open, Book = book });
        var (quote, order) = (day.Open + random.Exponential(MeanQuoteGap), day.Open + random.Exponential(MeanOrderGap));
        for (var time = Math.Min(quote, order); time < day.Close; time = Math.Min(quote, order))
        {
            if (time == quote)
            {
                price += random.Below(2) == 0 ? 1 : -1;
                book = Book();
                recorder.Add(new Tick { Symbol = symbol, Kind = TickKind.Quote, TsEvent = time, Book = book });
                quote += random.Exponential(MeanQuoteGap);
            }
            else
            {
                var side = random.Below(2) == 0 ? Side.Bid : Side.Ask;
                var met = side == Side.Bid ? book.Ask!.Value : book.Bid!.Value;
                var trade = new Trade(met.Price, Size(), side, null, AgentClass.Unknown, AgentClass.Unknown);
                recorder.Add(new Tick { Symbol = symbol, Kind = TickKind.Trade, TsEvent = time, Trade = trade, Book = book });
                order += random.Exponential(MeanOrderGap);
            }
        }

        recorder.Add(State(day.Close - 1, StatusAction.Close));
        return recorder.Finish()!;

        BestBidOffer Book() => new(new BookLevel((price - 1) * Cent, Size(), null), new BookLevel((price + 1) * Cent, Size(), null));

        long Size() => (1 + random.Below(20)) * Lot;

        Tick State(long time, StatusAction action) =>
            new() { Symbol = symbol, Kind = TickKind.Status, TsEvent = time, Status = new Status(action, "schedule", action == StatusAction.Open, null, null) };
    }
}
