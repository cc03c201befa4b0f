using System.Globalization;

namespace StockActors.Simulator.Facts;

/// <summary>Between which values, both exclusive, a fact must lie.</summary>
/// <param name="Low">The lower bound; −∞ for none.</param>
/// <param name="High">The upper bound; +∞ for none.</param>
public readonly record struct Gate(double Low, double High)
{
    /// <summary>Whether a value lies within; <see cref="double.NaN"/> does not.</summary>
    public bool Contains(double value) => value > Low && value < High;

    /// <summary>As a table has it: <c>−0.15…0.05</c>, <c>&gt; 5</c>.</summary>
    public override string ToString() => (double.IsInfinity(Low), double.IsInfinity(High)) switch
    {
        (false, true) => string.Create(CultureInfo.InvariantCulture, $"> {Low}"),
        (true, false) => string.Create(CultureInfo.InvariantCulture, $"< {High}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Low}…{High}"),
    };
}
