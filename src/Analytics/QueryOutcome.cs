namespace StockActors.Analytics;

/// <summary>How a query ended.</summary>
internal enum QueryOutcome
{
    /// <summary>Stopped before its end: cancelled, or its reader had enough.</summary>
    Stopped,

    /// <summary>Read to its end.</summary>
    Completed,

    /// <summary>The engine refused it or could not finish it.</summary>
    Failed,
}
