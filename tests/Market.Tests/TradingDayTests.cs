using CsCheck;

namespace StockActors.Market.Tests;

public class TradingDayTests
{
    private static readonly Gen<DateOnly> Date = Gen.Int[new DateOnly(1900, 1, 1).DayNumber, new DateOnly(2200, 1, 1).DayNumber].Select(DateOnly.FromDayNumber);

    [Fact]
    public void Trading_is_from_half_past_two_to_nine_utc()
    {
        var day = new TradingDay(new DateOnly(2026, 1, 5));
        Assert.Equal("2026-01-05T14:30:00.000000000Z", UnixNanos.Format(day.Open));
        Assert.Equal("2026-01-05T14:31:00.000000000Z", UnixNanos.Format(day.Continuous));
        Assert.Equal("2026-01-05T20:55:00.000000000Z", UnixNanos.Format(day.Closing));
        Assert.Equal("2026-01-05T21:00:00.000000000Z", UnixNanos.Format(day.Close));
    }

    [Fact]
    public void Days_follow_each_other_over_weekends() => Date.Sample(date =>
    {
        var day = TradingDay.OnOrAfter(date);
        Assert.InRange(day.Date.DayNumber - date.DayNumber, 0, 2);
        Assert.DoesNotContain(day.Date.DayOfWeek, new[] { DayOfWeek.Saturday, DayOfWeek.Sunday });
        Assert.Equal(day.Date.DayOfWeek == DayOfWeek.Friday ? 3 : 1, day.Next.Date.DayNumber - day.Date.DayNumber);
    });

    [Fact]
    public void Time_goes_on_in_the_first_day_whose_close_it_has_not_reached() => Gen.Select(Date, Gen.Long[0, UnixNanos.PerDay - 1]).Sample((date, nanosOfDay) =>
    {
        var nanos = UnixNanos.From(date) + nanosOfDay;
        var day = TradingDay.At(nanos);
        Assert.True(nanos < day.Close);
        for (var earlier = date.AddDays(-4); earlier < day.Date; earlier = earlier.AddDays(1))
            Assert.True(earlier.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday || new TradingDay(earlier).Close <= nanos);
    });

    [Fact]
    public void A_holiday_is_passed_over_like_a_weekend()
    {
        var monday = new DateOnly(2026, 1, 19);
        var calendar = new TradingCalendar([monday, monday.AddDays(1)]);
        var friday = new TradingDay(monday.AddDays(-3));
        Assert.Equal(monday.AddDays(2), calendar.After(friday).Date);
        Assert.Equal(monday.AddDays(2), calendar.At(friday.Close).Date);
        Assert.Equal(monday.AddDays(2), calendar.At(UnixNanos.From(monday) + (15 * UnixNanos.PerHour)).Date);
        Assert.Equal(friday, calendar.At(friday.Close - 1));
    }

    [Fact]
    public void The_close_itself_belongs_to_the_next_day()
    {
        var friday = new TradingDay(new DateOnly(2026, 1, 9));
        Assert.Equal(friday, TradingDay.At(friday.Close - 1));
        Assert.Equal(new DateOnly(2026, 1, 12), TradingDay.At(friday.Close).Date);
    }
}
