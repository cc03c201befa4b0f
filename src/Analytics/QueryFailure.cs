namespace StockActors.Analytics;

/// <summary>Why a query has no result.</summary>
public enum QueryFailure
{
    /// <summary>The engine refuses it (<see cref="QueryException"/>): whoever asked can change it.</summary>
    Refused,

    /// <summary>It was cancelled, or the actor stopped.</summary>
    Cancelled,

    /// <summary>It took longer than <see cref="AnalyticsOptions.Timeout"/>.</summary>
    TimedOut,

    /// <summary>Something else is broken, such as the lake's catalogue.</summary>
    Broken,
}
