namespace Amazon.Athena.Model;

/// <summary>What a query has cost so far.</summary>
public sealed class QueryExecutionStatistics
{
    /// <summary>How many bytes it has read.</summary>
    public long? DataScannedInBytes { get; set; }

    /// <summary>How many milliseconds it has worked.</summary>
    public long? EngineExecutionTimeInMillis { get; set; }

    /// <summary>How many milliseconds it has waited.</summary>
    public long? QueryQueueTimeInMillis { get; set; }

    /// <summary>How many milliseconds it has taken in all.</summary>
    public long? TotalExecutionTimeInMillis { get; set; }

    /// <summary>Whether its results are an earlier one's.</summary>
    public ResultReuseInformation? ResultReuseInformation { get; set; }
}
