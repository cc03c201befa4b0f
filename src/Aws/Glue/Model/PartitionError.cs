namespace Amazon.Glue.Model;

/// <summary>Why one partition of a batch was not made.</summary>
public sealed class PartitionError
{
    /// <summary>Which one.</summary>
    public List<string>? PartitionValues { get; set; }

    /// <summary>Why.</summary>
    public ErrorDetail? ErrorDetail { get; set; }
}
