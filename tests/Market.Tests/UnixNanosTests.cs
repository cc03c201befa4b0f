using System.Globalization;
using CsCheck;

namespace StockActors.Market.Tests;

public class UnixNanosTests
{
    private static readonly Gen<long> Nanos = Gen.OneOf(Gen.Long, Gen.Long[-3 * UnixNanos.PerDay, 3 * UnixNanos.PerDay],
        Gen.OneOf(0L, -1L, 1L, long.MinValue, long.MaxValue, UnixNanos.PerDay, -UnixNanos.PerDay, -UnixNanos.PerDay - 1));

    [Fact]
    public void An_instant_is_the_time_without_its_last_two_digits() => Nanos.Where(n => n >= long.MinValue + 100).Sample(nanos =>
    {
        var instant = UnixNanos.ToInstant(nanos);
        Assert.Equal(TimeSpan.Zero, instant.Offset);
        Assert.InRange(nanos - UnixNanos.From(instant), 0, 99);
    });

    [Fact]
    public void An_instant_may_be_in_any_time_zone() => Assert.Equal(
        UnixNanos.From(new DateTimeOffset(2026, 1, 5, 14, 30, 0, TimeSpan.Zero)), UnixNanos.From(new DateTimeOffset(2026, 1, 5, 9, 30, 0, TimeSpan.FromHours(-5))));

    [Fact]
    public void Date_and_hour_are_those_of_the_instant() => Nanos.Sample(nanos =>
    {
        var instant = UnixNanos.ToInstant(nanos);
        Assert.Equal(DateOnly.FromDateTime(instant.UtcDateTime), UnixNanos.ToDate(nanos));
        Assert.Equal(instant.UtcDateTime.Hour, UnixNanos.HourOf(nanos));
    });

    [Fact]
    public void A_date_begins_at_midnight() => Gen.Int[new DateOnly(1677, 9, 22).DayNumber, new DateOnly(2262, 4, 11).DayNumber].Select(DateOnly.FromDayNumber).Sample(date =>
    {
        var nanos = UnixNanos.From(date);
        Assert.Equal(date, UnixNanos.ToDate(nanos));
        Assert.Equal(0, UnixNanos.HourOf(nanos));
        Assert.Equal(date.AddDays(-1), UnixNanos.ToDate(nanos - 1));
    });

    [Fact]
    public void A_date_beyond_the_range_overflows()
    {
        Assert.Throws<OverflowException>(() => UnixNanos.From(new DateOnly(1677, 9, 21)));
        Assert.Throws<OverflowException>(() => UnixNanos.From(new DateOnly(2262, 4, 12)));
        Assert.Throws<OverflowException>(() => UnixNanos.From(DateTimeOffset.MaxValue));
    }

    [Fact]
    public void A_formatted_time_has_all_nine_decimals() => Nanos.Sample(nanos =>
    {
        var text = UnixNanos.Format(nanos);
        Assert.Equal('Z', text[^1]);
        var second = DateTimeOffset.ParseExact(text[..19], "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        var decimals = int.Parse(text[20..^1], CultureInfo.InvariantCulture);
        Assert.Equal((Int128)nanos, ((Int128)second.ToUnixTimeSeconds() * UnixNanos.PerSecond) + decimals);
        Assert.Equal(30, text.Length);
    });

    [Fact]
    public void A_formatted_time_looks_like_this() => Assert.Equal("2026-01-05T14:30:00.000000001Z",
        UnixNanos.Format(UnixNanos.From(new DateTimeOffset(2026, 1, 5, 14, 30, 0, TimeSpan.Zero)) + 1));
}
