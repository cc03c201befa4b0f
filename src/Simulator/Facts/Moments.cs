namespace StockActors.Simulator.Facts;

/// <summary>Moments of one series, and of two together, from sums that days add to.</summary>
internal static class Moments
{
    /// <summary>The sums of the powers 0 to 4 of the returns over a horizon, overlapping, within one day.</summary>
    /// <param name="returns">One day's returns; a sum over a <see cref="double.NaN"/> is left out.</param>
    /// <param name="horizon">How many returns make one.</param>
    public static double[] SumsOf(ReadOnlySpan<double> returns, int horizon)
    {
        var sums = new double[5];
        for (var t = 0; t + horizon <= returns.Length; t++)
        {
            var value = 0.0;
            foreach (var part in returns.Slice(t, horizon))
                value += part;
            if (double.IsNaN(value))
                continue;
            var power = 1.0;
            for (var i = 0; i < sums.Length; i++, power *= value)
                sums[i] += power;
        }

        return sums;
    }

    /// <summary>The excess kurtosis: the fourth central moment over the squared variance, less a normal distribution's 3.</summary>
    public static double ExcessKurtosis(ReadOnlySpan<double> sums)
    {
        var (mean, second, third, fourth) = (sums[1] / sums[0], sums[2] / sums[0], sums[3] / sums[0], sums[4] / sums[0]);
        var variance = second - (mean * mean);
        return ((fourth - (4 * mean * third) + (6 * mean * mean * second) - (3 * mean * mean * mean * mean)) / (variance * variance)) - 3;
    }

    /// <summary>The skewness: the third central moment over the cube of the standard deviation.</summary>
    public static double Skewness(ReadOnlySpan<double> sums)
    {
        var (mean, second, third) = (sums[1] / sums[0], sums[2] / sums[0], sums[3] / sums[0]);
        return (third - (3 * mean * second) + (2 * mean * mean * mean)) / Math.Pow(second - (mean * mean), 1.5);
    }

    /// <summary>The sums of two series: how many pairs, x, y, x², y² and x·y.</summary>
    /// <param name="x">One day; a pair with a <see cref="double.NaN"/> is left out.</param>
    /// <param name="y">The same day.</param>
    public static double[] SumsOf(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var sums = new double[6];
        for (var t = 0; t < Math.Min(x.Length, y.Length); t++)
        {
            if (double.IsNaN(x[t]) || double.IsNaN(y[t]))
                continue;
            sums[0]++;
            sums[1] += x[t];
            sums[2] += y[t];
            sums[3] += x[t] * x[t];
            sums[4] += y[t] * y[t];
            sums[5] += x[t] * y[t];
        }

        return sums;
    }

    /// <summary>Pearson's correlation of two series.</summary>
    public static double Correlation(ReadOnlySpan<double> sums)
    {
        var (x, y) = (sums[1] / sums[0], sums[2] / sums[0]);
        return ((sums[5] / sums[0]) - (x * y)) / Math.Sqrt(((sums[3] / sums[0]) - (x * x)) * ((sums[4] / sums[0]) - (y * y)));
    }
}
