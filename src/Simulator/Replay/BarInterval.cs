using System.Globalization;
using System.Text.RegularExpressions;
using StockActors.Market;

namespace StockActors.Simulator.Replay;

/// <summary>How long bars are, in words: a number and <c>s</c>, <c>m</c>, <c>h</c>, <c>d</c>, <c>w</c> or <c>mo</c>.</summary>
internal static partial class BarInterval
{
    private static readonly (long Seconds, string Unit)[] Units = [(7 * 86_400, "w"), (86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")];

    public static bool IsValid(string text) => Form().IsMatch(text);

    /// <summary>The interval of a distance in nanoseconds, in the largest unit that measures it; <c>null</c> where none does.</summary>
    public static string? Of(long nanos)
    {
        if (nanos <= 0 || nanos % UnixNanos.PerSecond != 0)
            return null;
        var (seconds, unit) = Array.Find(Units, u => nanos / UnixNanos.PerSecond % u.Seconds == 0);
        return $"{nanos / UnixNanos.PerSecond / seconds}{unit}";
    }

    /// <summary>How long a valid interval is, in nanoseconds; a month counts as the shortest one.</summary>
    public static long Nanos(string text)
    {
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var unit = text[digits..];
        var seconds = unit == "mo" ? 28 * 86_400 : Array.Find(Units, u => u.Unit == unit).Seconds;
        return long.Parse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture) * seconds * UnixNanos.PerSecond;
    }

    [GeneratedRegex("^[1-9][0-9]{0,5}(s|m|h|d|w|mo)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
