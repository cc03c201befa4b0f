namespace Amazon.Glue.Model;

/// <summary>Why one partition of a batch was not changed.</summary>
public sealed class BatchUpdatePartitionFailureEntry
{
    /// <summary>Which one.</summary>
    public List<string>? PartitionValueList { get; set; }

    /// <summary>Why.</summary>
    public ErrorDetail? ErrorDetail { get; set; }
}
