using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace StockActors.Node.Configuration;

/// <summary>A length of time as people write it: <c>30s</c>, <c>500ms</c>, <c>5m</c>, <c>1h</c>, <c>2d</c>, or <c>00:00:30</c>.</summary>
/// <param name="Span">The length.</param>
[TypeConverter(typeof(TextConverter<Duration>))]
public readonly record struct Duration(TimeSpan Span) : IParsable<Duration>
{
    private static readonly (string Suffix, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400)];

    /// <inheritdoc/>
    public static Duration Parse(string s, IFormatProvider? provider) => TryParse(s, provider, out var result)
        ? result
        : throw new FormatException($"'{s}' is no length of time; write it as 30s, 500ms, 5m, 1h or 2d.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Duration result)
    {
        result = default;
        if (s is null)
            return false;
        foreach (var (suffix, seconds) in Units)
        {
            if (s.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)
                && double.TryParse(s.AsSpan(0, s.Length - suffix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * seconds <= TimeSpan.MaxValue.TotalSeconds / 2)
            {
                result = new Duration(TimeSpan.FromSeconds(number * seconds));
                return true;
            }
        }

        if (!s.Contains(':', StringComparison.Ordinal) || !TimeSpan.TryParse(s, CultureInfo.InvariantCulture, out var span) || span < TimeSpan.Zero)
            return false;
        result = new Duration(span);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Span.TotalSeconds < 1 ? $"{Span.TotalMilliseconds:0.###}ms" : $"{Span.TotalSeconds:0.###}s";
}
