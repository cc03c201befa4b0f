using StockActors.Market;
using StockActors.Simulator.Facts;

namespace StockActors.Simulator.Tests.Facts;

/// <summary>Series whose statistics are known.</summary>
internal static class Series
{
    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public static double[] Normals(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => Normal(random))];

    /// <summary>Student's t: a normal over the root of a mean of squared normals.</summary>
    public static double StudentT(Random random, int degrees) =>
        Normal(random) / Math.Sqrt(Enumerable.Range(0, degrees).Sum(_ => Math.Pow(Normal(random), 2)) / degrees);

    /// <summary>x(t) = φ·x(t−1) + ε: autocorrelation φ^lag.</summary>
    public static double[] Autoregressive(Random random, int count, double phi)
    {
        var x = new double[count];
        x[0] = Normal(random) / Math.Sqrt(1 - (phi * phi));
        for (var t = 1; t < count; t++)
            x[t] = (phi * x[t - 1]) + Normal(random);
        return x;
    }

    /// <summary>GARCH(1,1) of unit variance.</summary>
    public static double[] Garch(Random random, int count, double alpha, double beta)
    {
        var x = new double[count];
        var variance = 1.0;
        for (var t = 0; t < count; t++)
        {
            x[t] = Math.Sqrt(variance) * Normal(random);
            variance = 1 - alpha - beta + (alpha * x[t] * x[t]) + (beta * variance);
        }

        return x;
    }

    /// <summary>
    /// The signs of split orders (Lillo, Mike and Farmer, Physical Review E 71, 2005): some are worked at once, one is taken at random each time, their lengths are
    /// Pareto with index α, so that the signs' autocorrelation decays with exponent α − 1.
    /// </summary>
    public static double[] SplitOrders(Random random, int count, double alpha, int atOnce)
    {
        var signs = new double[count];
        var (left, side) = (new double[atOnce], new double[atOnce]);
        for (var t = -count; t < count; t++)
        {
            var at = random.Next(atOnce);
            if (left[at] < 1)
                (left[at], side[at]) = (Math.Pow(1 - random.NextDouble(), -1 / alpha), random.Next(2) == 0 ? -1 : 1);
            left[at]--;
            if (t >= 0)
                signs[t] = side[at];
        }

        return signs;
    }

    /// <summary>A day of which only the returns matter.</summary>
    public static SymbolDay Day(string symbol, int number, double[] returns) => new()
    {
        Symbol = symbol,
        Date = new DateOnly(2026, 1, 5).AddDays(number),
        Start = UnixNanos.From(new DateOnly(2026, 1, 5).AddDays(number)),
        Mid = new double[returns.Length],
        Return = returns,
        Volume = new double[returns.Length],
        Imbalance = new double[returns.Length],
        BidSize = new double[returns.Length],
        AskSize = new double[returns.Length],
        SignSums = Autocorrelation.SumsOf([], DayRecorder.SignLags),
        ImpactSums = new double[PriceImpact.Sums],
        States = [],
        Auctions = [],
    };
}
