using Amazon.Runtime;

namespace Amazon.Athena.Model;

/// <summary>A page of results.</summary>
public sealed class GetQueryResultsResponse : AmazonWebServiceResponse
{
    /// <summary>The rows.</summary>
    public ResultSet? ResultSet { get; set; }

    /// <summary>Where the next page begins; none behind the last.</summary>
    public string? NextToken { get; set; }

    /// <summary>How many rows the query has written, where it writes.</summary>
    public long? UpdateCount { get; set; }
}
