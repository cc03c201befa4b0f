namespace StockActors.Sinks.Storage;

/// <summary>Where a partition lies.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Location">The folder of its objects: a key that ends in <c>/</c>.</param>
internal readonly record struct PartitionLocation(TablePartition Partition, string Location);
