using Amazon.Runtime;

namespace Amazon.Glue.Model;

/// <summary>Asks for a partition.</summary>
public sealed class GetPartitionRequest : AmazonWebServiceRequest
{
    /// <summary>The database.</summary>
    public string? DatabaseName { get; set; }

    /// <summary>The table.</summary>
    public string? TableName { get; set; }

    /// <summary>The values of its keys, in the order of the keys.</summary>
    public List<string>? PartitionValues { get; set; }
}
