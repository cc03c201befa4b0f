namespace StockActors.Node.Reports;

/// <summary>Stylized facts of one day, from the one-minute candles of its symbols. A day is too short to be judged by them; over many they tell a market from a random walk.</summary>
/// <param name="Kurtosis">Excess kurtosis of the returns, each over its symbol's standard deviation.</param>
/// <param name="Autocorrelation">That of returns with those of the minute after, on average over symbols.</param>
/// <param name="Clustering">That of absolute returns over the ten minutes after, on average.</param>
/// <param name="VolumeAndReturn">The correlation of a minute's volume with its absolute return, on average over symbols.</param>
/// <param name="PairCorrelation">The correlation of two symbols' returns, on average over pairs; <see cref="double.NaN"/> with one symbol.</param>
/// <param name="Returns">How many returns there are.</param>
internal sealed record FactsOfDay(double Kurtosis, double Autocorrelation, double Clustering, double VolumeAndReturn, double PairCorrelation, int Returns)
{
    private const int FewestReturns = 30;
    private const int ClusteringLags = 10;
    private const long Minute = 60 * Market.UnixNanos.PerSecond;

    /// <summary>Measures a day.</summary>
    /// <param name="symbols">Of each symbol its candles of a minute, by time; a minute without trades has none.</param>
    /// <returns><c>null</c> where no symbol has thirty returns.</returns>
    public static FactsOfDay? Of(IEnumerable<IReadOnlyList<Candle>> symbols)
    {
        var series = symbols.Select(ReturnsOf).Where(returns => returns.Count >= FewestReturns).ToList();
        if (series.Count == 0)
            return null;
        var standardized = series.SelectMany(Standardized).ToList();
        var pairs = series.SelectMany((one, i) => series.Skip(i + 1).Select(other => Correlation(Paired(one, other)))).Where(double.IsFinite).ToList();
        return new FactsOfDay(
            standardized.Average(z => z * z * z * z) - 3,
            series.Average(returns => Correlation(Lagged(returns, 1, r => r))),
            series.Average(returns => Enumerable.Range(1, ClusteringLags).Average(lag => Correlation(Lagged(returns, lag, Math.Abs)))),
            series.Average(returns => Correlation([.. returns.Values.Select(r => (r.Volume, Math.Abs(r.Return)))])),
            pairs.Count == 0 ? double.NaN : pairs.Average(),
            standardized.Count);
    }

    private static SortedList<long, (double Return, double Volume)> ReturnsOf(IReadOnlyList<Candle> candles)
    {
        var returns = new SortedList<long, (double, double)>();
        foreach (var (before, candle) in candles.Zip(candles.Skip(1)).Where(pair => pair.Second.Start - pair.First.Start == Minute && pair.First.Close > 0 && pair.Second.Close > 0))
            returns.Add(candle.Start, (Math.Log((double)(candle.Close / before.Close)), candle.Volume));
        return returns;
    }

    private static IEnumerable<double> Standardized(SortedList<long, (double Return, double Volume)> returns)
    {
        var mean = returns.Values.Average(r => r.Return);
        var deviation = Math.Sqrt(returns.Values.Average(r => (r.Return - mean) * (r.Return - mean)));
        return deviation == 0 ? [] : returns.Values.Select(r => (r.Return - mean) / deviation);
    }

    private static List<(double, double)> Lagged(SortedList<long, (double Return, double Volume)> returns, int lag, Func<double, double> of) =>
        [.. returns.Where(r => returns.ContainsKey(r.Key + (lag * Minute))).Select(r => (of(r.Value.Return), of(returns[r.Key + (lag * Minute)].Return)))];

    private static List<(double, double)> Paired(SortedList<long, (double Return, double Volume)> one, SortedList<long, (double Return, double Volume)> other) =>
        [.. one.Where(r => other.ContainsKey(r.Key)).Select(r => (r.Value.Return, other[r.Key].Return))];

    private static double Correlation(List<(double X, double Y)> pairs)
    {
        if (pairs.Count < 2)
            return double.NaN;
        var (x, y) = (pairs.Average(p => p.X), pairs.Average(p => p.Y));
        var (xx, yy) = (pairs.Sum(p => (p.X - x) * (p.X - x)), pairs.Sum(p => (p.Y - y) * (p.Y - y)));
        return pairs.Sum(p => (p.X - x) * (p.Y - y)) / Math.Sqrt(xx * yy);
    }
}
