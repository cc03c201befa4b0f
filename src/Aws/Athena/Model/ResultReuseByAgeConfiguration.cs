namespace Amazon.Athena.Model;

/// <summary>Whether an earlier query's results will do, by how old they are.</summary>
public sealed class ResultReuseByAgeConfiguration
{
    /// <summary>Whether they will.</summary>
    public bool? Enabled { get; set; }

    /// <summary>How old they may be, 0 to 10080 minutes.</summary>
    public int? MaxAgeInMinutes { get; set; }
}
