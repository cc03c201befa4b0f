using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace StockActors.Node.Configuration;

/// <summary>How fast simulated time runs: <c>1x</c>, <c>60x</c>, or <c>max</c>.</summary>
/// <param name="Factor">Simulated seconds in a second; <c>null</c> for as fast as it goes.</param>
[TypeConverter(typeof(TextConverter<Speed>))]
public readonly record struct Speed(double? Factor) : IParsable<Speed>
{
    /// <inheritdoc/>
    public static Speed Parse(string s, IFormatProvider? provider) => TryParse(s, provider, out var result)
        ? result
        : throw new FormatException($"'{s}' is no speed; write it as 1x, 60x (more than 0, up to 100000) or max.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Speed result)
    {
        result = default;
        if (string.Equals(s, "max", StringComparison.OrdinalIgnoreCase))
            return true;
        if (s is null || !s.EndsWith('x')
            || !double.TryParse(s.AsSpan(0, s.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor)
            || factor is not (> 0 and <= 100_000))
        {
            return false;
        }

        result = new Speed(factor);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Factor is { } factor ? $"{factor:0.###}x" : "max";
}
