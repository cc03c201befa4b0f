using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace StockActors.Node.Configuration;

/// <summary>How many rows go in how long: <c>1/s</c>, <c>500/s</c>, <c>30/m</c>, or <c>max</c>.</summary>
/// <param name="PerSecond">Rows a second; <c>null</c> for as fast as it goes.</param>
public readonly record struct Rate(double? PerSecond) : IParsable<Rate>
{
    /// <inheritdoc/>
    public static Rate Parse(string s, IFormatProvider? provider) => TryParse(s, provider, out var result)
        ? result
        : throw new FormatException($"'{s}' is no rate; write it as 1/s, 500/s, 30/m (more than 0, up to 1000000/s) or max.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Rate result)
    {
        result = default;
        if (string.Equals(s, "max", StringComparison.OrdinalIgnoreCase))
            return true;
        var slash = s?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0 || !double.TryParse(s.AsSpan(0, slash), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count))
            return false;
        double? seconds = s![(slash + 1)..] switch { "s" => 1, "m" => 60, "h" => 3600, _ => null };
        if (seconds is null || count / seconds is not (> 0 and <= 1_000_000))
            return false;
        result = new Rate(count / seconds);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => PerSecond is { } rate ? $"{rate:0.####}/s" : "max";
}
