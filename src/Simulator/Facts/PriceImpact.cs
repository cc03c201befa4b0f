using System.Numerics;

namespace StockActors.Simulator.Facts;

/// <summary>
/// How the mid answers to the size of a market order: the mean signed logarithmic change of the mid from just before it to just before the next one, R(1, v) of
/// Bouchaud, Gefen, Potters and Wyart (Quantitative Finance 4, 2004). A power law of the size is fitted; an exponent between 0 and 1 is concave.
/// </summary>
internal static class PriceImpact
{
    /// <summary>How many sums there are: of each class of sizes, from one power of two to the next, how many orders, their sizes, and their impacts.</summary>
    public const int Sums = 3 * Classes;

    private const int Classes = 40;

    // A class with few orders has an impact that is mostly noise, and its logarithm takes the fit with it.
    private const int FewestOrders = 200;

    /// <summary>Counts an order.</summary>
    /// <param name="sums">The sums to add to.</param>
    /// <param name="size">Its size, 1 or more.</param>
    /// <param name="impact">What it moved the mid by, in its own direction.</param>
    public static void Add(Span<double> sums, long size, double impact)
    {
        var at = 3 * Math.Min(Classes - 1, BitOperations.Log2((ulong)size));
        sums[at]++;
        sums[at + 1] += size;
        sums[at + 2] += impact;
    }

    /// <summary>The exponent of impact in size, the classes weighted by their orders; <see cref="double.NaN"/> where fewer than three have enough of them or one has no impact.</summary>
    public static double Exponent(ReadOnlySpan<double> sums)
    {
        Span<double> sizes = stackalloc double[Classes];
        Span<double> impacts = stackalloc double[Classes];
        Span<double> weights = stackalloc double[Classes];
        var count = 0;
        for (var i = 0; i < sums.Length; i += 3)
        {
            if (sums[i] < FewestOrders)
                continue;
            sizes[count] = sums[i + 1] / sums[i];
            impacts[count] = sums[i + 2] / sums[i];
            weights[count++] = Math.Sqrt(sums[i]);
        }

        return count < 3 ? double.NaN : PowerLaw.Exponent(sizes[..count], impacts[..count], weights[..count]);
    }
}
