using Amazon.Athena.Model;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using StockActors.Aws;

namespace Amazon.Athena;

/// <summary>
/// Stands where AWSSDK.Athena's client of the same name would, for as long as that package can't be had: the same names and shapes, the operations that
/// this project calls. It may be used from many threads.
/// </summary>
/// <param name="config">Where the service is, and how often a call is repeated.</param>
public sealed class AmazonAthenaClient(AmazonAthenaConfig config) : JsonServiceClient(config), IAmazonAthena
{
    /// <inheritdoc/>
    public Task<StartQueryExecutionResponse> StartQueryExecutionAsync(StartQueryExecutionRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<StartQueryExecutionResponse>(request, cancellationToken);

    /// <inheritdoc/>
    public Task<GetQueryExecutionResponse> GetQueryExecutionAsync(GetQueryExecutionRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<GetQueryExecutionResponse>(request, cancellationToken);

    /// <inheritdoc/>
    public Task<GetQueryResultsResponse> GetQueryResultsAsync(GetQueryResultsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<GetQueryResultsResponse>(request, cancellationToken);

    /// <inheritdoc/>
    public Task<StopQueryExecutionResponse> StopQueryExecutionAsync(StopQueryExecutionRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<StopQueryExecutionResponse>(request, cancellationToken);

    /// <inheritdoc/>
    public Task<GetWorkGroupResponse> GetWorkGroupAsync(GetWorkGroupRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<GetWorkGroupResponse>(request, cancellationToken);

    /// <inheritdoc/>
    protected override AmazonServiceException ExceptionOf(ErrorResponse error) => error.Code switch
    {
        nameof(InvalidRequestException) => new InvalidRequestException(error),
        nameof(TooManyRequestsException) => new TooManyRequestsException(error),
        nameof(ThrottlingException) => new ThrottlingException(error),
        nameof(MetadataException) => new MetadataException(error),
        nameof(ResourceNotFoundException) => new ResourceNotFoundException(error),
        nameof(AccessDeniedException) => new AccessDeniedException(error),
        nameof(InternalServerException) => new InternalServerException(error),
        _ => new AmazonAthenaException(error),
    };
}
