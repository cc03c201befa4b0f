namespace StockActors.Simulator.Facts;

/// <summary>
/// The autocorrelation of a series that comes in days: pairs lie within one day, mean and variance are those of all days, so that what sets one day apart from
/// another counts as dependence. It follows from sums that days add to.
/// </summary>
internal static class Autocorrelation
{
    /// <summary>One day's sums: how many values, their sum and their squares' sum, then for each lag how many pairs, and the sum of their products.</summary>
    /// <param name="values">One day; <see cref="double.NaN"/> where there is no value.</param>
    /// <param name="lags">1 or more each.</param>
    public static double[] SumsOf(ReadOnlySpan<double> values, ReadOnlySpan<int> lags)
    {
        var sums = new double[3 + (2 * lags.Length)];
        foreach (var value in values)
        {
            if (double.IsNaN(value))
                continue;
            sums[0]++;
            sums[1] += value;
            sums[2] += value * value;
        }

        for (var i = 0; i < lags.Length; i++)
        {
            for (var t = lags[i]; t < values.Length; t++)
            {
                var product = values[t] * values[t - lags[i]];
                if (double.IsNaN(product))
                    continue;
                sums[3 + (2 * i)]++;
                sums[4 + (2 * i)] += product;
            }
        }

        return sums;
    }

    /// <summary>The autocorrelation at each of the lags that the sums were made for.</summary>
    public static double[] Of(double[] sums)
    {
        var mean = sums[1] / sums[0];
        var variance = (sums[2] / sums[0]) - (mean * mean);
        var result = new double[(sums.Length - 3) / 2];
        for (var i = 0; i < result.Length; i++)
            result[i] = ((sums[4 + (2 * i)] / sums[3 + (2 * i)]) - (mean * mean)) / variance;
        return result;
    }
}
