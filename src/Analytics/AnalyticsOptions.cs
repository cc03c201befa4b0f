namespace StockActors.Analytics;

/// <summary>How much <see cref="AnalyticsActor"/> takes on.</summary>
public sealed record AnalyticsOptions
{
    /// <summary>Queries that run at a time, 1 or more.</summary>
    public int MaxRunning { get; init; } = 2;

    /// <summary>Queries that wait for their turn, 0 or more; one more is answered with <see cref="AnalyticsActor.Busy"/>.</summary>
    public int MaxWaiting { get; init; } = 16;

    /// <summary>How long a query may take from its turn to the last row that is read of it.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);
}
