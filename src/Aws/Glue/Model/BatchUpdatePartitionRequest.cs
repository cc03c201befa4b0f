using Amazon.Runtime;

namespace Amazon.Glue.Model;

/// <summary>Changes partitions of a table, 100 at most.</summary>
public sealed class BatchUpdatePartitionRequest : AmazonWebServiceRequest
{
    /// <summary>The database.</summary>
    public string? DatabaseName { get; set; }

    /// <summary>The table.</summary>
    public string? TableName { get; set; }

    /// <summary>Which, and what they are to be.</summary>
    public List<BatchUpdatePartitionRequestEntry>? Entries { get; set; }
}
