namespace StockActors.Analytics;

/// <summary>The pages of a query end before their time because <see cref="AnalyticsActor"/> stopped it.</summary>
public sealed class QueryStoppedException : Exception
{
    internal QueryStoppedException(QueryFailure why, string message)
        : base(message) => Why = why;

    /// <summary><see cref="QueryFailure.Cancelled"/> or <see cref="QueryFailure.TimedOut"/>.</summary>
    public QueryFailure Why { get; }
}
