namespace StockActors.Simulator.Facts;

/// <summary>
/// The sums of several series over days: every statistic here follows from the sum over days of what each day alone contributes, so that drawing days anew
/// costs an addition a day and not another look at the data.
/// </summary>
internal sealed class DaySums
{
    private readonly List<double[]?[]> _series = [];

    /// <summary>Adds a series.</summary>
    /// <param name="days">What each day contributes, all of one length; <c>null</c> for a day that the series does not have.</param>
    public void Add(double[]?[] days) => _series.Add(days);

    /// <summary>The mean over the series of what a function makes of a series' sums.</summary>
    /// <param name="weights">How often each day counts.</param>
    /// <param name="function">From sums to one or more numbers; a series whose numbers are none does not count.</param>
    public double[] Mean(ReadOnlySpan<int> weights, Func<double[], double[]> function)
    {
        double[]? mean = null;
        var count = 0;
        foreach (var days in _series)
        {
            double[]? sums = null;
            for (var day = 0; day < days.Length; day++)
            {
                if (days[day] is not { } contribution || weights[day] == 0)
                    continue;
                sums ??= new double[contribution.Length];
                for (var i = 0; i < sums.Length; i++)
                    sums[i] += weights[day] * contribution[i];
            }

            if (sums is null || function(sums) is not { } values || values.Contains(double.NaN))
                continue;
            mean ??= new double[values.Length];
            for (var i = 0; i < mean.Length; i++)
                mean[i] += values[i];
            count++;
        }

        if (mean is null)
            return [];
        for (var i = 0; i < mean.Length; i++)
            mean[i] /= count;
        return mean;
    }
}
