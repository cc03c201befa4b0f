using Amazon.Runtime;

namespace Amazon.Glue.Model;

/// <summary>The partitions are made, but for some.</summary>
public sealed class BatchCreatePartitionResponse : AmazonWebServiceResponse
{
    /// <summary>Those that are not.</summary>
    public List<PartitionError>? Errors { get; set; }
}
