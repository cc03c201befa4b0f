using System.Globalization;
using System.Text.RegularExpressions;
using StockActors.Market;

namespace StockActors.Analytics;

/// <summary>A parameter of a named query.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it takes.</param>
/// <param name="Default">Its value where none is given; one without a default must be given.</param>
/// <param name="Description">What it does.</param>
public sealed partial record QueryParameter(string Name, ParameterType Type, string? Default, string Description)
{
    /// <summary>The value that sets no limit.</summary>
    internal const string All = "*";

    private const int MaxInteger = 1_000_000;
    private const long Millisecond = 1_000_000;
    private const long LongestInterval = 366 * UnixNanos.PerDay;
    private static readonly (string Suffix, long Nanos)[] Units =
        [("ms", Millisecond), ("s", UnixNanos.PerSecond), ("m", 60 * UnixNanos.PerSecond), ("h", UnixNanos.PerHour), ("d", UnixNanos.PerDay)];

    /// <summary>What its type takes, for whoever has given something else.</summary>
    public string Takes => Type switch
    {
        ParameterType.Symbols => "one or more symbols with commas between them, or * for all",
        ParameterType.Number => "a decimal number above 0 such as 0.05, with at most nine digits before and after the point",
        ParameterType.Integer => "an integer from 1 to 1000000",
        ParameterType.Instant => "a date or time of UTC such as 2026-01-05 or 2026-01-05T14:30:00Z, or * for no limit",
        ParameterType.Interval => "a length of time from 1ms to 366d such as 500ms, 30s, 1m, 4h or 1d",
        _ => "text",
    };

    /// <summary>A value as a literal, the same in every dialect; <c>null</c> where it sets no limit.</summary>
    /// <exception cref="FormatException">It is none of the parameter's type.</exception>
    internal string? Literal(string value) => Type switch
    {
        ParameterType.Symbols or ParameterType.Instant when value == All => null,
        ParameterType.Symbols => string.Join(", ", value.Split(',', StringSplitOptions.TrimEntries).Select(
            symbol => Symbol.IsValid(symbol) ? Quoted(symbol) : throw new FormatException($"'{symbol}' is no symbol"))),
        ParameterType.Number => Number(value),
        ParameterType.Integer => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var integer) && integer is > 0 and <= MaxInteger
            ? integer.ToString(CultureInfo.InvariantCulture)
            : throw new FormatException($"'{value}' is no such integer"),
        ParameterType.Instant => Instant(value).ToString(CultureInfo.InvariantCulture),
        ParameterType.Interval => $"CAST({Interval(value).ToString(CultureInfo.InvariantCulture)} AS BIGINT)",
        _ => Quoted(value),
    };

    /// <summary>A text as SQL writes it, in every engine.</summary>
    public static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    internal static long Instant(string value)
    {
        if (Iso().Match(value) is { Success: true } iso
            && DateTimeOffset.TryParse(
                $"{iso.Groups["date"]}T{(iso.Groups["minute"] is { Success: true } minute ? minute : "00:00")}:{(iso.Groups["second"] is { Success: true } second ? second : "00")}{(iso.Groups["zone"] is { Success: true } zone ? zone : "Z")}",
                CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var instant)
            && instant.Year is >= 1678 and <= 2261)
        {
            return UnixNanos.From(instant) + long.Parse(iso.Groups["fraction"].Value.PadRight(9, '0'), CultureInfo.InvariantCulture);
        }

        throw new FormatException($"'{value}' is no date or time");
    }

    private static string Number(string value) => value.Length > 0 && Price.TryParse(value, out var units) && units > 0
        ? $"CAST({Price.Format(units)} AS DECIMAL(18,9))"
        : throw new FormatException($"'{value}' is no such number");

    private static long Interval(string value)
    {
        foreach (var (suffix, nanos) in Units)
        {
            if (value.EndsWith(suffix, StringComparison.Ordinal)
                && long.TryParse(value.AsSpan(0, value.Length - suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && count > 0 && count <= LongestInterval / nanos)
                return count * nanos;
        }

        throw new FormatException($"'{value}' is no interval");
    }

    [GeneratedRegex(@"^(?<date>\d{4}-\d\d-\d\d)([T ](?<minute>\d\d:\d\d)(:(?<second>\d\d)(\.(?<fraction>\d{1,9}))?)?(?<zone>Z|[+-]\d\d:\d\d)?)?$")]
    private static partial Regex Iso();
}
