namespace StockActors.Market;

/// <summary>
/// How far one symbol of a run has come: all that its next tick follows from, beside the run's seed, the simulated time and the symbol's
/// <see cref="Intervention"/>s. While it is halted it stands still where its halt put it, and on that day, until the symbol is resumed.
/// </summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="NextSequence">The sequence of its next tick, from 1.</param>
/// <param name="NextTradeId">The id of its next trade, from 1.</param>
/// <param name="PreviousClose">The close of the day before the one the position lies in, in units of 1e-9.</param>
/// <param name="Checksum">A running checksum of the day's ticks so far (<see cref="TickChecksum"/>); a replay up to the position must reach it exactly.</param>
/// <param name="SequencesBefore">The last sequence of the days before, 0 where there was none: from where a replay of the day begins.</param>
/// <param name="TradesBefore">The last trade id of the days before, 0 where there was none.</param>
/// <param name="NextOrder">The sequence of its next record of an order, from 1; 0 where the run does not tell them.</param>
/// <param name="OrdersBefore">The last sequence of an order's record of the days before, 0 where there was none.</param>
/// <param name="NextTruth">The sequence of its next record of the truth, from 1; 0 where the run does not tell it.</param>
/// <param name="TruthBefore">The last sequence of the truth's records of the days before, 0 where there was none.</param>
public readonly record struct MarketPosition(
    string Symbol, long NextSequence, long NextTradeId, long PreviousClose, ulong Checksum, long SequencesBefore = 0, long TradesBefore = 0, long NextOrder = 0,
    long OrdersBefore = 0, long NextTruth = 0, long TruthBefore = 0)
{
    /// <summary>The next sequence of a feed; 0 where the run does not tell it.</summary>
    public long Next(TickFeed feed) => feed switch
    {
        TickFeed.Ticks => NextSequence,
        TickFeed.Orders => NextOrder,
        _ => NextTruth,
    };
}
