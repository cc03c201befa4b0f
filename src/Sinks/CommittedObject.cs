namespace StockActors.Sinks;

/// <summary>A data object that is part of the lake.</summary>
/// <param name="Partition">The table and the partition it belongs to.</param>
/// <param name="Path">Its address as a query engine wants it: an absolute path, or a URI.</param>
public sealed record CommittedObject(TablePartition Partition, string Path)
{
    /// <summary>Its key in the lake's store.</summary>
    internal string Key { get; init; } = "";

    /// <summary>Its size.</summary>
    public long Bytes { get; init; }
}
