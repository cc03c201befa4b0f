using StockActors.Simulator.Exchange;

namespace StockActors.Simulator.Facts;

/// <summary>
/// The statistics by which a market is told from a random walk (Cont, "Empirical properties of asset returns: stylized facts and statistical issues",
/// Quantitative Finance 1, 2001), each with an interval and a gate. Everything is of 1-minute mid returns in the continuous session where nothing else is said.
/// </summary>
/// <remarks>
/// A statistic is computed for each symbol of each run and averaged over them, autocorrelations before their decay is fitted. Intervals are those of a block
/// bootstrap (Künsch, Annals of Statistics 17, 1989) whose block is a day with all its symbols: minutes of a day depend on each other, and symbols share a factor.
/// The 2.5th and the 97.5th percentile of the resamples are the interval. The same sample and seed give the same report.
/// </remarks>
public static class StylizedFacts
{
    /// <summary>With fewer days than this there are no intervals: too few to draw from.</summary>
    public const int FewestDays = 5;

    private const int Opening = 30;
    private const int MiddayBegin = 150;
    private const int MiddayEnd = 240;
    private const int PatternReach = 7;
    private const int LastLag = 60;
    private const int LastLeverageLag = 10;
    private const int SignFitFrom = 3;

    private static readonly int[] AllLags = [.. Enumerable.Range(1, LastLag)];
    private static readonly int[] DecayLags = [1, 2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 60];
    private static readonly double[] SignFitLags = [.. DayRecorder.SignLags[SignFitFrom..].Select(l => (double)l)];

    /// <summary>Measures a sample.</summary>
    /// <param name="sample">At least one day.</param>
    /// <param name="seed">The seed of the resampling.</param>
    /// <param name="resamples">How often days are drawn anew, 1 or more.</param>
    /// <exception cref="ArgumentException">The sample is empty.</exception>
    public static FactsReport Measure(FactsSample sample, long seed = 1, int resamples = 500)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        if (sample.Days == 0)
            throw new ArgumentException("There are no facts of no days.", nameof(sample));
        int[] all = [.. Enumerable.Repeat(1, sample.Days)];
        var draws = sample.Days < FewestDays ? [] : Draw(sample.Days, seed, resamples);
        List<(int Run, IReadOnlyDictionary<int, SymbolDay> Days)> series = [.. sample.Series];
        var pattern = PatternOfDay(series);

        var returns = Sums(d => Autocorrelation.SumsOf(d.Return, AllLags));
        var absolute = Sums(d => Autocorrelation.SumsOf(WithoutPattern(d.Return, pattern), AllLags));
        var signs = Sums(d => d.SignSums);
        var moments = new Dictionary<int, DaySums> { [1] = Horizon(1), [10] = Horizon(10), [60] = Horizon(60) };
        var tails = Tails(series, sample.Days);

        List<Fact> facts =
        [
            Fact("return autocorrelation, lag 1", -0.15, 0.05, returns, Autocorrelation.Of, c => c[0]),
            Fact("return autocorrelation, largest of lags 5–30", -0.05, 0.05, returns, Autocorrelation.Of, Largest),
            Fact("tail index (Hill)", 2, 5, tails, s => [TailIndex.Reciprocal(s)], c => 1 / c[0]),
            Fact("excess kurtosis, 1 min", 5, double.PositiveInfinity, moments[1], Kurtosis, c => c[0]),
            Fact("excess kurtosis, 10 min over 1 min", double.NegativeInfinity, 1, Horizons(1, 10), Kurtoses, c => c[1] / c[0]),
            Fact("excess kurtosis, 60 min over 10 min", double.NegativeInfinity, 1, Horizons(10, 60), Kurtoses, c => c[1] / c[0]),
            Fact("autocorrelation of absolute returns, least of lags 1–30", 0, double.PositiveInfinity, absolute, Autocorrelation.Of, c => c.Take(30).Min()),
            Fact("autocorrelation of absolute returns, decay exponent", 0.2, 0.4, absolute, Autocorrelation.Of, Decay),
            Fact("correlation of volume and absolute return", 0.3, double.PositiveInfinity,
                Sums(d => Moments.SumsOf(d.Volume, Absolute(d.Return))), s => [Moments.Correlation(s)], c => c[0]),
            Fact("order-sign autocorrelation, decay exponent", 0.36, 0.77, signs, Autocorrelation.Of, SignDecay),
            Fact("order-flow imbalance and mid change, R²", 0.3, 0.7,
                Sums(d => [1, Math.Pow(Moments.Correlation(Moments.SumsOf(d.Imbalance, d.Return)), 2)]), s => [s[1] / s[0]], c => c[0]),
            Fact("volatility of the first 30 min over midday's", 1.5, double.PositiveInfinity, Sums(OpenAndMidday), s => [s[1] / s[0] / (s[3] / s[2])], c => c[0]),
            Fact("exponent of price impact in size", 0, 1, Sums(d => d.ImpactSums), s => [PriceImpact.Exponent(s)], c => c[0]),
            Fact("cross-correlation of symbols", 0.1, double.PositiveInfinity, Pairs(series, sample.Days), s => [Moments.Correlation(s)], c => c[0]),
            Told("excess kurtosis, 10 min", moments[10], Kurtosis),
            Told("excess kurtosis, 60 min", moments[60], Kurtosis),
            Told("skewness, 60 min (gain/loss asymmetry)", moments[60], s => [Moments.Skewness(s)]),
            Told("return and later absolute return, mean correlation of lags 1–10 (leverage)", Sums(Leverage), s => [Moments.Correlation(s)]),
        ];

        return new FactsReport(
            sample.Days,
            sample.SymbolDays,
            facts,
            new FactCurve(AllLags, returns.Mean(all, Autocorrelation.Of), []),
            new FactCurve(AllLags, absolute.Mean(all, Autocorrelation.Of), DecayLags),
            new FactCurve(DayRecorder.SignLags, signs.Mean(all, Autocorrelation.Of), DayRecorder.SignLags[SignFitFrom..]),
            Standardized(series));

        DaySums Sums(Func<SymbolDay, double[]> ofDay)
        {
            var sums = new DaySums();
            foreach (var (_, days) in series)
                sums.Add(InOrder(days, sample.Days, ofDay));
            return sums;
        }

        DaySums Horizon(int minutes) => Sums(d => Moments.SumsOf(d.Return, minutes));

        DaySums Horizons(int shorter, int longer) => Sums(d => [.. Moments.SumsOf(d.Return, shorter), .. Moments.SumsOf(d.Return, longer)]);

        Fact Told(string name, DaySums sums, Func<double[], double[]> statistic) => Estimated(name, null, sums, statistic, c => c[0]);

        Fact Fact(string name, double low, double high, DaySums sums, Func<double[], double[]> statistic, Func<double[], double> reduce) =>
            Estimated(name, new Gate(low, high), sums, statistic, reduce);

        Fact Estimated(string name, Gate? gate, DaySums sums, Func<double[], double[]> statistic, Func<double[], double> reduce)
        {
            var estimate = Of(all);
            double[] drawn = [.. draws.Select(Of).Order()];

            // A resample in which the fact cannot be had (NaN sorts first) may not narrow the interval.
            return drawn.Length == 0 || double.IsNaN(drawn[0])
                ? new Fact(name, gate, estimate, double.NaN, double.NaN)
                : new Fact(name, gate, estimate, drawn[(int)(0.025 * drawn.Length)], drawn[(int)(0.975 * drawn.Length)]);

            double Of(int[] weights) => sums.Mean(weights, statistic) is { Length: > 0 } mean ? reduce(mean) : double.NaN;
        }
    }

    private static double[] Kurtosis(double[] sums) => [Moments.ExcessKurtosis(sums)];

    private static double[] Kurtoses(double[] sums) => [Moments.ExcessKurtosis(sums.AsSpan(..5)), Moments.ExcessKurtosis(sums.AsSpan(5..))];

    private static double Largest(double[] curve) => curve[4..30].MaxBy(Math.Abs);

    private static double Decay(double[] curve) =>
        -PowerLaw.Exponent([.. DecayLags.Select(l => (double)l)], [.. DecayLags.Select(l => curve[l - 1])]);

    private static double SignDecay(double[] curve) => -PowerLaw.Exponent(SignFitLags, curve.AsSpan(SignFitFrom..));

    private static double[] Absolute(double[] returns) => [.. returns.Select(Math.Abs)];

    // What all days have in common at one time of day is no clustering of volatility.
    private static double[] WithoutPattern(double[] returns, double[] pattern)
    {
        var result = new double[returns.Length];
        for (var t = 0; t < result.Length; t++)
            result[t] = Math.Abs(returns[t]) / pattern[t];
        return result;
    }

    private static double[] PatternOfDay(List<(int Run, IReadOnlyDictionary<int, SymbolDay> Days)> series)
    {
        var minutes = series.SelectMany(s => s.Days.Values).Max(d => d.Return.Length);
        var (sums, counts) = (new double[minutes], new int[minutes]);
        foreach (var (_, days) in series)
        {
            var mean = Mean(days.Values.SelectMany(d => d.Return).Select(Math.Abs));
            foreach (var day in days.Values)
            {
                for (var t = 0; t < day.Return.Length; t++)
                {
                    if (double.IsNaN(day.Return[t]))
                        continue;
                    sums[t] += Math.Abs(day.Return[t]) / mean;
                    counts[t]++;
                }
            }
        }

        var pattern = new double[minutes];
        for (var t = 0; t < minutes; t++)
        {
            var (from, to) = (Math.Max(0, t - PatternReach), Math.Min(minutes, t + PatternReach + 1));
            pattern[t] = sums[from..to].Sum() / counts[from..to].Sum();
        }

        return pattern;
    }

    private static double[] OpenAndMidday(SymbolDay day)
    {
        var sums = new double[4];
        for (var t = 0; t < Math.Min(day.Return.Length, MiddayEnd); t++)
        {
            if (t is >= Opening and < MiddayBegin || double.IsNaN(day.Return[t]))
                continue;
            var at = t < Opening ? 0 : 2;
            sums[at]++;
            sums[at + 1] += Math.Abs(day.Return[t]);
        }

        return sums;
    }

    private static double[] Leverage(SymbolDay day)
    {
        var later = new double[day.Return.Length];
        for (var t = 0; t < later.Length; t++)
            later[t] = t + LastLeverageLag < later.Length ? day.Return.AsSpan(t + 1, LastLeverageLag).ToArray().Average(Math.Abs) : double.NaN;
        return Moments.SumsOf(day.Return, later);
    }

    private static DaySums Tails(List<(int Run, IReadOnlyDictionary<int, SymbolDay> Days)> series, int count)
    {
        var sums = new DaySums();
        foreach (var (_, days) in series)
        {
            var threshold = TailIndex.Threshold(days.Values.SelectMany(d => d.Return));
            sums.Add(InOrder(days, count, d => TailIndex.SumsOf(d.Return, threshold)));
        }

        return sums;
    }

    private static DaySums Pairs(List<(int Run, IReadOnlyDictionary<int, SymbolDay> Days)> series, int count)
    {
        var sums = new DaySums();
        for (var i = 0; i < series.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (series[i].Run != series[j].Run)
                    continue;
                var other = series[j].Days;
                sums.Add(InOrder(series[i].Days, count, (d, number) => other.TryGetValue(number, out var same) ? Moments.SumsOf(d.Return, same.Return) : null));
            }
        }

        return sums;
    }

    private static double[] Standardized(List<(int Run, IReadOnlyDictionary<int, SymbolDay> Days)> series)
    {
        var all = new List<double>();
        foreach (var (_, days) in series)
        {
            double[] returns = [.. days.Values.SelectMany(d => d.Return).Where(r => !double.IsNaN(r))];
            var mean = Mean(returns);
            var deviation = Math.Sqrt(Mean(returns.Select(r => (r - mean) * (r - mean))));
            all.AddRange(returns.Select(r => (r - mean) / deviation));
        }

        return [.. all];
    }

    private static double Mean(IEnumerable<double> values)
    {
        var (sum, count) = (0.0, 0);
        foreach (var value in values)
        {
            if (double.IsNaN(value))
                continue;
            sum += value;
            count++;
        }

        return sum / count;
    }

    private static double[]?[] InOrder(IReadOnlyDictionary<int, SymbolDay> days, int count, Func<SymbolDay, double[]> ofDay) =>
        InOrder(days, count, (d, _) => ofDay(d));

    private static double[]?[] InOrder(IReadOnlyDictionary<int, SymbolDay> days, int count, Func<SymbolDay, int, double[]?> ofDay)
    {
        var result = new double[]?[count];
        foreach (var (number, day) in days)
            result[number] = ofDay(day, number);
        return result;
    }

    private static List<int[]> Draw(int days, long seed, int resamples)
    {
        var random = new RandomStream(seed, "bootstrap", DateOnly.MinValue, 0);
        var draws = new List<int[]>(resamples);
        for (var i = 0; i < resamples; i++)
        {
            var weights = new int[days];
            for (var day = 0; day < days; day++)
                weights[random.Below(days)]++;
            draws.Add(weights);
        }

        return draws;
    }
}
