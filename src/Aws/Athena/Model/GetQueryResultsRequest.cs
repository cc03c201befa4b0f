using Amazon.Runtime;

namespace Amazon.Athena.Model;

/// <summary>Asks for a query's results, a page at a time.</summary>
public sealed class GetQueryResultsRequest : AmazonWebServiceRequest
{
    /// <summary>The query, which has succeeded.</summary>
    public string? QueryExecutionId { get; set; }

    /// <summary>Where the page begins, as the one before it said; none for the first.</summary>
    public string? NextToken { get; set; }

    /// <summary>The most rows of a page, 1 to 1000, the heading of the first among them.</summary>
    public int? MaxResults { get; set; }
}
