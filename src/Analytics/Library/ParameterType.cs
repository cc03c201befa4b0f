namespace StockActors.Analytics;

/// <summary>What a query's parameter takes.</summary>
public enum ParameterType
{
    /// <summary>Any text; it becomes a VARCHAR.</summary>
    Text,

    /// <summary>One or more symbols with commas between them, or <c>*</c> for all.</summary>
    Symbols,

    /// <summary>A decimal number above 0 of at most nine digits before and after the point; it becomes a DECIMAL(18,9).</summary>
    Number,

    /// <summary>An integer from 1 to 1,000,000.</summary>
    Integer,

    /// <summary>
    /// A date or time, of UTC where no offset stands with it: <c>2026-01-05</c>, <c>2026-01-05T14:30</c>, <c>2026-01-05T14:30:00.000000001Z</c>; it
    /// becomes nanoseconds since 1970-01-01 UTC. <c>*</c> where it has no limit.
    /// </summary>
    Instant,

    /// <summary>A length of time from 1 ms to 366 days, such as <c>500ms</c>, <c>30s</c>, <c>1m</c>, <c>4h</c>, <c>1d</c>; it becomes nanoseconds.</summary>
    Interval,
}
