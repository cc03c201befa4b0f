using System.Globalization;

namespace StockActors.Market;

/// <summary>Times as the log has them: nanoseconds since 1970-01-01 UTC in a signed 64-bit integer (1677 to 2262).</summary>
public static class UnixNanos
{
    /// <summary>Nanoseconds in a second.</summary>
    public const long PerSecond = 1_000_000_000;

    /// <summary>Nanoseconds in an hour.</summary>
    public const long PerHour = 3_600 * PerSecond;

    /// <summary>Nanoseconds in a day.</summary>
    public const long PerDay = 24 * PerHour;

    private const long PerTick = 100;

    /// <summary>The time of a date's midnight in UTC.</summary>
    /// <exception cref="OverflowException">The date is outside 1677-09-22 … 2262-04-11.</exception>
    public static long From(DateOnly date) => checked((date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber) * PerDay);

    /// <summary>The time of a UTC instant.</summary>
    /// <exception cref="OverflowException">The instant is outside 1677-09-22 … 2262-04-11.</exception>
    public static long From(DateTimeOffset instant) => checked((instant.UtcTicks - DateTime.UnixEpoch.Ticks) * PerTick);

    /// <summary>A length of time in nanoseconds.</summary>
    public static long Of(TimeSpan length) => length.Ticks * PerTick;

    /// <summary>The UTC instant of a time, its last two digits of nanoseconds cut off.</summary>
    public static DateTimeOffset ToInstant(long nanos) => new(DateTime.UnixEpoch.AddTicks(FloorDiv(nanos, PerTick)), TimeSpan.Zero);

    /// <summary>The UTC date of a time.</summary>
    public static DateOnly ToDate(long nanos) =>
        DateOnly.FromDayNumber((int)FloorDiv(nanos, PerDay) + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber);

    /// <summary>The hour of the UTC day, 0 to 23.</summary>
    public static int HourOf(long nanos) => (int)((nanos - (FloorDiv(nanos, PerDay) * PerDay)) / PerHour);

    /// <summary>The time in ISO 8601 with nine decimals: <c>2026-01-05T14:30:00.000000001Z</c>.</summary>
    public static string Format(long nanos)
    {
        var seconds = FloorDiv(nanos, PerSecond);
        return string.Create(CultureInfo.InvariantCulture, $"{DateTime.UnixEpoch.AddSeconds(seconds):yyyy-MM-dd'T'HH:mm:ss}.{nanos - (seconds * PerSecond):D9}Z");
    }

    private static long FloorDiv(long value, long divisor) => (value / divisor) - (value % divisor < 0 ? 1 : 0);
}
