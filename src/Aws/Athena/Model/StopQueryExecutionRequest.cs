using Amazon.Runtime;

namespace Amazon.Athena.Model;

/// <summary>Stops a query; that it has ended is no error.</summary>
public sealed class StopQueryExecutionRequest : AmazonWebServiceRequest
{
    /// <summary>The query.</summary>
    public string? QueryExecutionId { get; set; }
}
