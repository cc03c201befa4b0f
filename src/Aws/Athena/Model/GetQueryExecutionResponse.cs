using Amazon.Runtime;

namespace Amazon.Athena.Model;

/// <summary>How a query is.</summary>
public sealed class GetQueryExecutionResponse : AmazonWebServiceResponse
{
    /// <summary>The query.</summary>
    public QueryExecution? QueryExecution { get; set; }
}
