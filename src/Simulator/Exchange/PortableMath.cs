namespace StockActors.Simulator.Exchange;

/// <summary>
/// Exponential and logarithm from nothing but the four operations of IEEE 754, which every machine rounds alike; those of the libraries differ in the
/// last bit, and with it a day's ticks would. Accurate to about 1e-15 relative.
/// </summary>
internal static class PortableMath
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double InverseLn2 = 1.44269504088896338700;
    private const double Largest = 700;

    /// <summary>1/n! from the 12th down to the 2nd: Taylor's series, which is exact to a double on ±ln 2 / 2.</summary>
    private static readonly double[] Factorials =
    [
        1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2,
    ];

    /// <summary>e^x; beyond ±700 that of ±700.</summary>
    public static double Exp(double x)
    {
        x = Math.Clamp(x, -Largest, Largest);
        var k = (long)Math.Floor((x * InverseLn2) + 0.5);
        var r = x - (k * Ln2High) - (k * Ln2Low);
        var sum = 1.0 / 6227020800;
        foreach (var factorial in Factorials)
            sum = (sum * r) + factorial;
        return ((((sum * r) + 1) * r) + 1) * BitConverter.Int64BitsToDouble((k + 1023) << 52);
    }

    /// <summary>The natural logarithm of a positive normal number.</summary>
    public static double Log(double x)
    {
        const long mantissa = 0xfffffffffffff;
        var bits = BitConverter.DoubleToInt64Bits(x);
        var k = (bits >> 52) - 1023;
        var m = BitConverter.Int64BitsToDouble((bits & mantissa) | (1023L << 52));
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            k++;
        }

        // ln m = 2 artanh((m − 1) / (m + 1)), with |argument| at most 0.172.
        var s = (m - 1) / (m + 1);
        var z = s * s;
        var sum = 1.0 / 21;
        for (var n = 19; n >= 1; n -= 2)
            sum = (sum * z) + (1.0 / n);
        return (k * Ln2High) + ((k * Ln2Low) + (2 * s * sum));
    }

    /// <summary>x to the power of y, for positive x.</summary>
    public static double Pow(double x, double y) => Exp(y * Log(x));
}
