namespace Amazon.Athena;

/// <summary>How far a query is.</summary>
public static class QueryExecutionState
{
    /// <summary>It waits for room.</summary>
    public const string QUEUED = nameof(QUEUED);

    /// <summary>It is at work.</summary>
    public const string RUNNING = nameof(RUNNING);

    /// <summary>Its results can be read.</summary>
    public const string SUCCEEDED = nameof(SUCCEEDED);

    /// <summary>It has no results; its status says why.</summary>
    public const string FAILED = nameof(FAILED);

    /// <summary>Somebody has stopped it.</summary>
    public const string CANCELLED = nameof(CANCELLED);
}
