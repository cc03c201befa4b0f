namespace Amazon.Athena.Model;

/// <summary>How far a query is.</summary>
public sealed class QueryExecutionStatus
{
    /// <summary>One of <see cref="QueryExecutionState"/>.</summary>
    public string? State { get; set; }

    /// <summary>Why it has failed or was stopped.</summary>
    public string? StateChangeReason { get; set; }

    /// <summary>The same by kind.</summary>
    public AthenaError? AthenaError { get; set; }
}
