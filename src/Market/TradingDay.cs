namespace StockActors.Market;

/// <summary>
/// One exchange day, from 14:30 to 21:00 UTC, as New York has it in winter: a minute in which orders gather for the opening
/// auction, continuous trading, five minutes in which they gather for the closing auction. Simulated time runs from one day's close straight to the
/// next day's open; which days there are a <see cref="TradingCalendar"/> says.
/// </summary>
/// <param name="Date">The date, in UTC.</param>
public readonly record struct TradingDay(DateOnly Date)
{
    /// <summary>When the exchange opens for orders, in nanoseconds since 1970-01-01 UTC.</summary>
    public long Open => UnixNanos.From(Date) + (14 * UnixNanos.PerHour) + (UnixNanos.PerHour / 2);

    /// <summary>When the opening auction is held and continuous trading begins, 14:31.</summary>
    public long Continuous => Open + (60 * UnixNanos.PerSecond);

    /// <summary>When continuous trading ends and orders gather for the closing auction, 20:55.</summary>
    public long Closing => Close - (5 * 60 * UnixNanos.PerSecond);

    /// <summary>When trading ends with the closing auction, just before, in nanoseconds since 1970-01-01 UTC; nothing happens at this instant or after it.</summary>
    public long Close => UnixNanos.From(Date) + (21 * UnixNanos.PerHour);

    /// <summary>The weekday after this one.</summary>
    public TradingDay Next => TradingCalendar.Weekdays.After(this);

    /// <summary>The first weekday that is not before a date.</summary>
    public static TradingDay OnOrAfter(DateOnly date) => TradingCalendar.Weekdays.OnOrAfter(date);

    /// <summary>The weekday in which simulated time goes on from an instant (<see cref="TradingCalendar.At"/>).</summary>
    public static TradingDay At(long nanos) => TradingCalendar.Weekdays.At(nanos);
}
