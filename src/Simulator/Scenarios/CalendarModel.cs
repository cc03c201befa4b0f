namespace StockActors.Simulator.Scenarios;

/// <summary>When the exchange is closed, beside Saturdays and Sundays.</summary>
public sealed record CalendarModel
{
    /// <summary>Dates, <c>2026-01-19</c>.</summary>
    public IReadOnlyList<DateOnly> Holidays { get; init; } = [];
}
