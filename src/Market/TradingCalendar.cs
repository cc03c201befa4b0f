namespace StockActors.Market;

/// <summary>Which days are exchange days: Mondays to Fridays, but for those on which the exchange is closed.</summary>
/// <param name="closed">The dates on which it is closed.</param>
public sealed class TradingCalendar(IEnumerable<DateOnly> closed)
{
    private readonly HashSet<DateOnly> _closed = [.. closed];

    /// <summary>Closed on Saturdays and Sundays, and on no other day.</summary>
    public static TradingCalendar Weekdays { get; } = new([]);

    /// <summary>The first exchange day that is not before a date.</summary>
    public TradingDay OnOrAfter(DateOnly date)
    {
        while (date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday || _closed.Contains(date))
            date = date.AddDays(1);
        return new TradingDay(date);
    }

    /// <summary>The exchange day after one.</summary>
    public TradingDay After(TradingDay day) => OnOrAfter(day.Date.AddDays(1));

    /// <summary>The exchange day in which simulated time goes on from an instant: its own, or the next where it is past the close.</summary>
    public TradingDay At(long nanos)
    {
        var day = OnOrAfter(UnixNanos.ToDate(nanos));
        return nanos < day.Close ? day : After(day);
    }
}
