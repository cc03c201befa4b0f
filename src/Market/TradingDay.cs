namespace StockActors.Market;

/// <summary>
/// One exchange day: continuous trading from 14:30 to 21:00 UTC on Mondays to Fridays. Simulated time runs from one day's close straight to
/// the next day's open.
/// </summary>
/// <param name="Date">The date, in UTC.</param>
public readonly record struct TradingDay(DateOnly Date)
{
    /// <summary>When trading begins, in nanoseconds since 1970-01-01 UTC.</summary>
    public long Open => UnixNanos.From(Date) + (14 * UnixNanos.PerHour) + (UnixNanos.PerHour / 2);

    /// <summary>When trading ends, in nanoseconds since 1970-01-01 UTC; nothing happens at this instant or after it.</summary>
    public long Close => UnixNanos.From(Date) + (21 * UnixNanos.PerHour);

    /// <summary>The exchange day after this one.</summary>
    public TradingDay Next => OnOrAfter(Date.AddDays(1));

    /// <summary>The first exchange day that is not before a date.</summary>
    public static TradingDay OnOrAfter(DateOnly date)
    {
        while (date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
            date = date.AddDays(1);
        return new TradingDay(date);
    }

    /// <summary>The exchange day in which simulated time goes on from an instant: its own, or the next where it is past the close.</summary>
    public static TradingDay At(long nanos)
    {
        var day = OnOrAfter(UnixNanos.ToDate(nanos));
        return nanos < day.Close ? day : day.Next;
    }
}
