namespace Amazon.Athena.Model;

/// <summary>Whether an earlier query's results will do.</summary>
public sealed class ResultReuseConfiguration
{
    /// <summary>By how old they are.</summary>
    public ResultReuseByAgeConfiguration? ResultReuseByAgeConfiguration { get; set; }
}
