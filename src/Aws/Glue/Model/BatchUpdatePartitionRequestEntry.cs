namespace Amazon.Glue.Model;

/// <summary>One partition of a batch that is changed.</summary>
public sealed class BatchUpdatePartitionRequestEntry
{
    /// <summary>Which one.</summary>
    public List<string>? PartitionValueList { get; set; }

    /// <summary>What it is to be.</summary>
    public PartitionInput? PartitionInput { get; set; }
}
