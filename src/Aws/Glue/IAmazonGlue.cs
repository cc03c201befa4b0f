using Amazon.Glue.Model;

namespace Amazon.Glue;

/// <summary>AWS Glue's data catalogue: the operations that a lake needs.</summary>
public interface IAmazonGlue : IDisposable
{
    /// <summary>Makes a database.</summary>
    /// <exception cref="AlreadyExistsException">What was to be made exists.</exception>
    Task<CreateDatabaseResponse> CreateDatabaseAsync(CreateDatabaseRequest request, CancellationToken cancellationToken = default);

    /// <summary>Makes a table.</summary>
    /// <exception cref="AlreadyExistsException">What was to be made exists.</exception>
    /// <exception cref="EntityNotFoundException">What was asked for does not exist.</exception>
    Task<CreateTableResponse> CreateTableAsync(CreateTableRequest request, CancellationToken cancellationToken = default);

    /// <summary>Asks for a table.</summary>
    /// <exception cref="EntityNotFoundException">What was asked for does not exist.</exception>
    Task<GetTableResponse> GetTableAsync(GetTableRequest request, CancellationToken cancellationToken = default);

    /// <summary>Changes a table that is still the version that was read.</summary>
    /// <exception cref="EntityNotFoundException">What was asked for does not exist.</exception>
    /// <exception cref="ConcurrentModificationException">What was to be changed is another by now.</exception>
    Task<UpdateTableResponse> UpdateTableAsync(UpdateTableRequest request, CancellationToken cancellationToken = default);

    /// <summary>Makes partitions, 100 at most; those that it does not make are in its answer.</summary>
    /// <exception cref="EntityNotFoundException">What was asked for does not exist.</exception>
    Task<BatchCreatePartitionResponse> BatchCreatePartitionAsync(BatchCreatePartitionRequest request, CancellationToken cancellationToken = default);

    /// <summary>Changes partitions, 100 at most; those that it does not change are in its answer.</summary>
    /// <exception cref="EntityNotFoundException">What was asked for does not exist.</exception>
    Task<BatchUpdatePartitionResponse> BatchUpdatePartitionAsync(BatchUpdatePartitionRequest request, CancellationToken cancellationToken = default);

    /// <summary>Asks for a partition.</summary>
    /// <exception cref="EntityNotFoundException">What was asked for does not exist.</exception>
    Task<GetPartitionResponse> GetPartitionAsync(GetPartitionRequest request, CancellationToken cancellationToken = default);

    /// <summary>Asks for a page of a table's partitions.</summary>
    /// <exception cref="EntityNotFoundException">What was asked for does not exist.</exception>
    Task<GetPartitionsResponse> GetPartitionsAsync(GetPartitionsRequest request, CancellationToken cancellationToken = default);
}
