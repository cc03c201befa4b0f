using Amazon.Runtime;

namespace Amazon.Glue.Model;

/// <summary>Makes partitions of a table, 100 at most.</summary>
public sealed class BatchCreatePartitionRequest : AmazonWebServiceRequest
{
    /// <summary>The database.</summary>
    public string? DatabaseName { get; set; }

    /// <summary>The table.</summary>
    public string? TableName { get; set; }

    /// <summary>What they are to be.</summary>
    public List<PartitionInput>? PartitionInputList { get; set; }
}
