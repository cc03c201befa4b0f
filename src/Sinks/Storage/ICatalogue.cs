namespace StockActors.Sinks.Storage;

/// <summary>Which partitions the tables have, and where each lies.</summary>
internal interface ICatalogue
{
    /// <summary>Makes sure that a partition exists: at its first location where it is new, wherever it is by now otherwise.</summary>
    /// <exception cref="OutcomeUnknownException">The partition may have been created or not; the same call repeated settles it.</exception>
    Task EnsurePartitionAsync(TablePartition partition, CancellationToken cancellation);

    /// <summary>The same for many, in as few calls as there can be.</summary>
    /// <exception cref="OutcomeUnknownException">Some may have been created or not; the same call repeated settles it.</exception>
    async Task EnsurePartitionsAsync(IReadOnlyCollection<TablePartition> partitions, CancellationToken cancellation)
    {
        foreach (var partition in partitions)
            await EnsurePartitionAsync(partition, cancellation);
    }

    /// <summary>Makes again what holds the partitions where it was lost, or is to be another; without it, partitions are refused then.</summary>
    Task RestoreAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>What it is, for people; that it can be reached is found out by asking.</summary>
    /// <exception cref="LakeException">It, or the lake, can't be reached or is another's.</exception>
    Task<string> DescribeAsync(CancellationToken cancellation) => Task.FromResult("the lake's own");

    /// <summary>The database that query engines know it by; <c>null</c> where it is the lake's own.</summary>
    /// <exception cref="LakeException">The lake can't be reached.</exception>
    Task<string?> DatabaseAsync(CancellationToken cancellation) => Task.FromResult<string?>(null);

    /// <summary>The folder that a partition's objects lie in, a key that ends in <c>/</c>; <c>null</c> where the partition does not exist.</summary>
    Task<string?> LocationOfAsync(TablePartition partition, CancellationToken cancellation);

    /// <summary>Has a partition lie elsewhere from now on, at once for every reader; that it lies there already is success.</summary>
    /// <exception cref="LakeException">The partition does not exist.</exception>
    /// <exception cref="OutcomeUnknownException">It was switched or not; the same call repeated settles it.</exception>
    Task SwitchAsync(TablePartition partition, string location, CancellationToken cancellation);

    /// <summary>
    /// Has a partition of a derived table lie in a folder from now on, wherever it lay before; table and partition are made where they are absent.
    /// </summary>
    /// <exception cref="LakeException">Another table stands in its place.</exception>
    /// <exception cref="OutcomeUnknownException">It was registered or not; the same call repeated settles it.</exception>
    Task RegisterAsync(LakeTable table, TablePartition partition, string location, CancellationToken cancellation);

    /// <summary>All partitions of a table, in no order.</summary>
    IAsyncEnumerable<PartitionLocation> ListAsync(string table, CancellationToken cancellation);
}
