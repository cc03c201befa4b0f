namespace StockActors.Sinks.Storage;

/// <summary>Which partitions the tables have, and where each lies.</summary>
internal interface ICatalogue
{
    /// <summary>Makes sure that a partition exists: at its first location where it is new, wherever it is by now otherwise.</summary>
    /// <exception cref="OutcomeUnknownException">The partition may have been created or not; the same call repeated settles it.</exception>
    Task EnsurePartitionAsync(TablePartition partition, CancellationToken cancellation);

    /// <summary>The folder that a partition's objects lie in, a key that ends in <c>/</c>; <c>null</c> where the partition does not exist.</summary>
    Task<string?> LocationOfAsync(TablePartition partition, CancellationToken cancellation);

    /// <summary>Has a partition lie elsewhere from now on, at once for every reader; that it lies there already is success.</summary>
    /// <exception cref="LakeException">The partition does not exist.</exception>
    /// <exception cref="OutcomeUnknownException">It was switched or not; the same call repeated settles it.</exception>
    Task SwitchAsync(TablePartition partition, string location, CancellationToken cancellation);

    /// <summary>All partitions of a table, in no order.</summary>
    IAsyncEnumerable<PartitionLocation> ListAsync(string table, CancellationToken cancellation);
}
