namespace Amazon.Athena.Model;

/// <summary>Whether results are an earlier query's.</summary>
public sealed class ResultReuseInformation
{
    /// <summary>Whether they are.</summary>
    public bool? ReusedPreviousResult { get; set; }
}
