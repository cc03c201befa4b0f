using Amazon.Runtime;

namespace Amazon.Glue.Model;

/// <summary>A partition as it stands.</summary>
public sealed class GetPartitionResponse : AmazonWebServiceResponse
{
    /// <summary>The partition.</summary>
    public Partition? Partition { get; set; }
}
