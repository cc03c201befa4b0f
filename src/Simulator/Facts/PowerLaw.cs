namespace StockActors.Simulator.Facts;

/// <summary>The exponent of a power law, as the slope of a straight line through the logarithms.</summary>
internal static class PowerLaw
{
    /// <summary>The exponent b of y = a·x^b by weighted least squares in the logarithms.</summary>
    /// <param name="x">More than 0 each.</param>
    /// <param name="y">As many; where one is 0 or less there is no power law.</param>
    /// <param name="weights">As many, or none for equal ones.</param>
    /// <returns><see cref="double.NaN"/> where a y is 0, negative or no number.</returns>
    public static double Exponent(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> weights = default)
    {
        double sum = 0, sumX = 0, sumY = 0, sumXx = 0, sumXy = 0;
        for (var i = 0; i < x.Length; i++)
        {
            if (!(y[i] > 0))
                return double.NaN;
            var (weight, logX, logY) = (weights.IsEmpty ? 1 : weights[i], Math.Log(x[i]), Math.Log(y[i]));
            sum += weight;
            sumX += weight * logX;
            sumY += weight * logY;
            sumXx += weight * logX * logX;
            sumXy += weight * logX * logY;
        }

        return ((sum * sumXy) - (sumX * sumY)) / ((sum * sumXx) - (sumX * sumX));
    }
}
