namespace StockActors.Sinks.Chain;

/// <summary>A data object as its epoch's entry fixes it.</summary>
/// <param name="Table">The table.</param>
/// <param name="Partition">The partition's path.</param>
/// <param name="Key">The object's key.</param>
/// <param name="Rows">How many rows it has.</param>
/// <param name="Checksum">Of the rows (<see cref="Columns.RowChecksum"/>), not of the file's bytes.</param>
internal sealed record ChainObject(string Table, string Partition, string Key, long Rows, string Checksum)
{
    /// <summary>The partition that it lies in.</summary>
    public TablePartition In() => new(Table, Partition);
}
