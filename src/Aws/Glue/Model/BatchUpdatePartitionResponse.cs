using Amazon.Runtime;

namespace Amazon.Glue.Model;

/// <summary>The partitions are changed, but for some.</summary>
public sealed class BatchUpdatePartitionResponse : AmazonWebServiceResponse
{
    /// <summary>Those that are not.</summary>
    public List<BatchUpdatePartitionFailureEntry>? Errors { get; set; }
}
