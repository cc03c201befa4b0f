using Amazon.Glue.Model;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using StockActors.Aws;

namespace Amazon.Glue;

/// <summary>
/// Stands where AWSSDK.Glue's client of the same name would, for as long as that package can't be had: the same names and shapes, the operations that this
/// project calls. It may be used from many threads.
/// </summary>
/// <param name="config">Where the service is, and how often a call is repeated.</param>
public sealed class AmazonGlueClient(AmazonGlueConfig config) : JsonServiceClient(config), IAmazonGlue
{
    /// <inheritdoc/>
    public Task<CreateDatabaseResponse> CreateDatabaseAsync(CreateDatabaseRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<CreateDatabaseResponse>(request, cancellationToken);

    /// <inheritdoc/>
    public Task<CreateTableResponse> CreateTableAsync(CreateTableRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<CreateTableResponse>(request, cancellationToken);

    /// <inheritdoc/>
    public Task<GetTableResponse> GetTableAsync(GetTableRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<GetTableResponse>(request, cancellationToken);

    /// <inheritdoc/>
    public Task<UpdateTableResponse> UpdateTableAsync(UpdateTableRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<UpdateTableResponse>(request, cancellationToken);

    /// <inheritdoc/>
    public Task<BatchCreatePartitionResponse> BatchCreatePartitionAsync(BatchCreatePartitionRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<BatchCreatePartitionResponse>(request, cancellationToken);

    /// <inheritdoc/>
    public Task<BatchUpdatePartitionResponse> BatchUpdatePartitionAsync(BatchUpdatePartitionRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<BatchUpdatePartitionResponse>(request, cancellationToken);

    /// <inheritdoc/>
    public Task<GetPartitionResponse> GetPartitionAsync(GetPartitionRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<GetPartitionResponse>(request, cancellationToken);

    /// <inheritdoc/>
    public Task<GetPartitionsResponse> GetPartitionsAsync(GetPartitionsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<GetPartitionsResponse>(request, cancellationToken);

    /// <inheritdoc/>
    protected override AmazonServiceException ExceptionOf(ErrorResponse error) => error.Code switch
    {
        nameof(EntityNotFoundException) => new EntityNotFoundException(error),
        nameof(AlreadyExistsException) => new AlreadyExistsException(error),
        nameof(ConcurrentModificationException) => new ConcurrentModificationException(error),
        nameof(AccessDeniedException) => new AccessDeniedException(error),
        nameof(ThrottlingException) => new ThrottlingException(error),
        nameof(InternalServiceException) => new InternalServiceException(error),
        nameof(OperationTimeoutException) => new OperationTimeoutException(error),
        nameof(InvalidInputException) => new InvalidInputException(error),
        _ => new AmazonGlueException(error),
    };
}
