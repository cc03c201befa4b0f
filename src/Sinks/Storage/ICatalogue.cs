namespace StockActors.Sinks.Storage;

/// <summary>Which partitions the tables have, and where each lies.</summary>
internal interface ICatalogue
{
    /// <summary>Makes sure that a partition exists: at its first location where it is new, wherever it is by now otherwise.</summary>
    /// <exception cref="OutcomeUnknownException">The partition may have been created or not; the same call repeated settles it.</exception>
    Task EnsurePartitionAsync(TablePartition partition, CancellationToken cancellation);

    /// <summary>Whether a partition exists.</summary>
    Task<bool> ContainsAsync(TablePartition partition, CancellationToken cancellation);

    /// <summary>All partitions of a table, in no order.</summary>
    IAsyncEnumerable<PartitionLocation> ListAsync(string table, CancellationToken cancellation);
}
