namespace StockActors.Pipeline.Settings;

/// <summary>When a committer commits: at whichever limit is reached first, and always at the stream's end.</summary>
public sealed record CommitterSettings
{
    /// <summary>After so many offsets, 1 or more.</summary>
    public int MaxBatch { get; init; } = 1_000;

    /// <summary>So long after the first offset that was not committed.</summary>
    public TimeSpan MaxInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a group that does not answer is asked again before the stream fails.</summary>
    public TimeSpan RetryTimeout { get; init; } = TimeSpan.FromMinutes(1);
}
