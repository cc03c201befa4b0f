using Amazon.Runtime;

namespace Amazon.Glue.Model;

/// <summary>A page of partitions.</summary>
public sealed class GetPartitionsResponse : AmazonWebServiceResponse
{
    /// <summary>The partitions.</summary>
    public List<Partition>? Partitions { get; set; }

    /// <summary>Where the next page begins; none behind the last.</summary>
    public string? NextToken { get; set; }
}
