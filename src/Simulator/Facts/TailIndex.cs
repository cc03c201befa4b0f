namespace StockActors.Simulator.Facts;

/// <summary>
/// Hill's tail index ("A simple general approach to inference about the tail of a distribution", Annals of Statistics 3, 1975) of absolute values above a
/// threshold: the reciprocal of the mean logarithm of their ratio to it. Lower is heavier; a Student distribution's is its degrees of freedom.
/// </summary>
/// <remarks>
/// The threshold is what 2 % of a symbol's absolute returns exceed. More reach into the body of the distribution, where a normal one reads as if it had a tail
/// (4.7 at 10 %, 6.0 at 5 %, 7.7 at 2 %) and a Student-t of three degrees reads low (2.5, 2.7, 2.9); fewer leave a symbol's month with less than a hundred values.
/// Resampling leaves the threshold where it is.
/// </remarks>
internal static class TailIndex
{
    /// <summary>Which part of the values makes the tail.</summary>
    public const double TailShare = 0.02;

    /// <summary>The value that <see cref="TailShare"/> of the absolute values exceed.</summary>
    /// <param name="values">Any; <see cref="double.NaN"/>s are left out.</param>
    public static double Threshold(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Where(v => !double.IsNaN(v)).Select(Math.Abs).Order()];
        return sorted.Length == 0 ? double.NaN : sorted[(int)(sorted.Length * (1 - TailShare))];
    }

    /// <summary>How many absolute values of one day exceed the threshold, and the sum of the logarithms of their ratios to it.</summary>
    public static double[] SumsOf(ReadOnlySpan<double> values, double threshold)
    {
        var sums = new double[2];
        foreach (var value in values)
        {
            if (!(Math.Abs(value) > threshold))
                continue;
            sums[0]++;
            sums[1] += Math.Log(Math.Abs(value) / threshold);
        }

        return sums;
    }

    /// <summary>The reciprocal of the index, which, unlike the index, may be averaged over symbols.</summary>
    public static double Reciprocal(ReadOnlySpan<double> sums) => sums[1] / sums[0];
}
