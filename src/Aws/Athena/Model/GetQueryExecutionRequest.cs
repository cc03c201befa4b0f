using Amazon.Runtime;

namespace Amazon.Athena.Model;

/// <summary>Asks how a query is.</summary>
public sealed class GetQueryExecutionRequest : AmazonWebServiceRequest
{
    /// <summary>The query.</summary>
    public string? QueryExecutionId { get; set; }
}
