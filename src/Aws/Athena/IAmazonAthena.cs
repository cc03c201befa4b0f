using Amazon.Athena.Model;

namespace Amazon.Athena;

/// <summary>Amazon Athena: the operations that queries need.</summary>
public interface IAmazonAthena : IDisposable
{
    /// <summary>Begins a query.</summary>
    /// <exception cref="InvalidRequestException">The service does not take this.</exception>
    /// <exception cref="TooManyRequestsException">More was asked than the service answers at a time.</exception>
    Task<StartQueryExecutionResponse> StartQueryExecutionAsync(StartQueryExecutionRequest request, CancellationToken cancellationToken = default);

    /// <summary>Asks how a query is.</summary>
    /// <exception cref="InvalidRequestException">The service does not take this, or the query is unknown.</exception>
    /// <exception cref="TooManyRequestsException">More was asked than the service answers at a time.</exception>
    Task<GetQueryExecutionResponse> GetQueryExecutionAsync(GetQueryExecutionRequest request, CancellationToken cancellationToken = default);

    /// <summary>Asks for a page of the results of a query that has succeeded.</summary>
    /// <exception cref="InvalidRequestException">The service does not take this, or the query is unknown.</exception>
    /// <exception cref="TooManyRequestsException">More was asked than the service answers at a time.</exception>
    Task<GetQueryResultsResponse> GetQueryResultsAsync(GetQueryResultsRequest request, CancellationToken cancellationToken = default);

    /// <summary>Stops a query; it goes on until its state says otherwise.</summary>
    /// <exception cref="InvalidRequestException">The service does not take this, or the query is unknown.</exception>
    /// <exception cref="TooManyRequestsException">More was asked than the service answers at a time.</exception>
    Task<StopQueryExecutionResponse> StopQueryExecutionAsync(StopQueryExecutionRequest request, CancellationToken cancellationToken = default);

    /// <summary>Asks what a workgroup allows.</summary>
    /// <exception cref="InvalidRequestException">The service does not take this, or the workgroup is unknown.</exception>
    Task<GetWorkGroupResponse> GetWorkGroupAsync(GetWorkGroupRequest request, CancellationToken cancellationToken = default);
}
