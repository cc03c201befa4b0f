using System.Globalization;
using System.Text.RegularExpressions;
using StockActors.Market;

namespace StockActors.Simulator.Replay;

/// <summary>Reads the dates of a file of bars: one form and no guesses.</summary>
internal sealed partial class BarDate(string? format, bool hasEpochs)
{
    private const int LongestSeconds = 11;

    // Of the letters of a custom format only these ask for a time of day.
    private readonly bool _formatHasTime = format?.AsSpan().IndexOfAny("Hhmst") >= 0;

    /// <summary>What is expected, in words.</summary>
    public string Expected { get; } = format is not null
        ? $"the form {format} that --date-format says"
        : $"ISO 8601 (2020-03-04 or 2020-03-04T09:30:00Z){(hasEpochs ? " or seconds or milliseconds since 1970" : "")};"
            + " --date-format says another, such as dd/MM/yyyy";

    /// <summary>Reads a date; one without an offset is in UTC.</summary>
    /// <param name="text">The cell.</param>
    /// <param name="nanos">In nanoseconds since 1970-01-01 UTC.</param>
    /// <param name="hasTime">Whether it says a time of day.</param>
    /// <returns><c>false</c> where it is not in the expected form, or beyond the years 1677 to 2262.</returns>
    public bool TryParse(ReadOnlySpan<char> text, out long nanos, out bool hasTime)
    {
        (nanos, hasTime) = (0, true);
        try
        {
            if (format is not null)
            {
                hasTime = _formatHasTime;
                if (!DateTimeOffset.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
                    return false;
                nanos = UnixNanos.From(instant);
                return true;
            }

            if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            {
                nanos = UnixNanos.From(date);
                hasTime = false;
                return true;
            }

            return hasEpochs && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var epoch)
                ? TryEpoch(text, epoch, out nanos)
                : TryDateTime(text.ToString(), out nanos);
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    private static bool TryEpoch(ReadOnlySpan<char> text, long epoch, out long nanos)
    {
        // Nine to eleven digits are seconds from 1973 to 5138, twelve to fourteen milliseconds from 1973 to 5138; fewer could be 20200304.
        var digits = text.TrimStart('-').Length;
        nanos = checked(epoch * (digits <= LongestSeconds ? UnixNanos.PerSecond : UnixNanos.PerSecond / 1_000));
        return digits is >= 9 and <= 14;
    }

    private static bool TryDateTime(string text, out long nanos)
    {
        nanos = 0;
        var parts = DateTimeForm().Match(text);
        if (!parts.Success)
            return false;
        var seconds = parts.Groups["seconds"] is { Success: true } said ? said.Value : ":00";
        var offset = parts.Groups["hours"] is { Success: true } hours ? $"{hours.Value}:{parts.Groups["minutes"].Value}" : "+00:00";
        var whole = $"{parts.Groups["date"].Value} {parts.Groups["time"].Value}{seconds} {offset}";
        if (!DateTimeOffset.TryParseExact(whole, "yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant))
            return false;
        var fraction = parts.Groups["fraction"].Value.PadRight(9, '0');
        nanos = checked(UnixNanos.From(instant) + long.Parse(fraction, NumberStyles.None, CultureInfo.InvariantCulture));
        return true;
    }

    [GeneratedRegex(
        @"^(?<date>\d{4}-\d{2}-\d{2})[T ](?<time>\d{2}:\d{2})((?<seconds>:\d{2})(\.(?<fraction>\d{1,9}))?)?(Z|(?<hours>[+-]\d{2}):?(?<minutes>\d{2}))?$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex DateTimeForm();
}
