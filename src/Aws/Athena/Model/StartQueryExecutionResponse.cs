using Amazon.Runtime;

namespace Amazon.Athena.Model;

/// <summary>The query has begun.</summary>
public sealed class StartQueryExecutionResponse : AmazonWebServiceResponse
{
    /// <summary>What it is called.</summary>
    public string? QueryExecutionId { get; set; }
}
