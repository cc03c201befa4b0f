using Amazon.Runtime;

namespace Amazon.Athena.Model;

/// <summary>The query is told to stop.</summary>
public sealed class StopQueryExecutionResponse : AmazonWebServiceResponse;
