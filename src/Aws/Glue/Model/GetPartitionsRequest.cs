using Amazon.Runtime;

namespace Amazon.Glue.Model;

/// <summary>Asks for a table's partitions, a page at a time.</summary>
public sealed class GetPartitionsRequest : AmazonWebServiceRequest
{
    /// <summary>The database.</summary>
    public string? DatabaseName { get; set; }

    /// <summary>The table.</summary>
    public string? TableName { get; set; }

    /// <summary>Where the page begins, as the one before it said; none for the first.</summary>
    public string? NextToken { get; set; }

    /// <summary>Whether the partitions' columns are left out of the answer.</summary>
    public bool? ExcludeColumnSchema { get; set; }
}
