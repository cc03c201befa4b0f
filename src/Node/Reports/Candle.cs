namespace StockActors.Node.Reports;

/// <summary>A symbol's trades of an interval.</summary>
/// <param name="Start">When it begins, in nanoseconds since 1970-01-01 UTC.</param>
/// <param name="Open">The first price, by time and sequence.</param>
/// <param name="High">The highest.</param>
/// <param name="Low">The lowest.</param>
/// <param name="Close">The last.</param>
/// <param name="Volume">The sum of the sizes.</param>
/// <param name="Trades">How many trades.</param>
internal sealed record Candle(long Start, decimal Open, decimal High, decimal Low, decimal Close, long Volume, long Trades)
{
    /// <summary>The candle of several that follow one another.</summary>
    public static Candle Of(IReadOnlyList<Candle> candles, long start) => new(
        start, candles[0].Open, candles.Max(c => c.High), candles.Min(c => c.Low), candles[^1].Close,
        candles.Sum(c => c.Volume), candles.Sum(c => c.Trades));

    /// <summary>From the first price to the last, in percent, to two decimals; <c>null</c> where the first is zero.</summary>
    public decimal? Change => Open == 0 ? null : Math.Round((Close - Open) * 100 / Open, 2);
}
