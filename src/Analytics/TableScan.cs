namespace StockActors.Analytics;

/// <summary>What a query reads of a table, once its filters on the partition keys have left out what they can.</summary>
/// <param name="Table">The table.</param>
/// <param name="Partitions">Partitions that it reads.</param>
/// <param name="AllPartitions">Partitions that there are.</param>
/// <param name="Files">Files in those that it reads.</param>
/// <param name="AllFiles">Files that there are.</param>
/// <param name="Bytes">Bytes of the files in those that it reads, of which it may skip columns and row groups.</param>
/// <param name="AllBytes">Bytes that there are.</param>
public sealed record TableScan(string Table, int Partitions, int AllPartitions, int Files, int AllFiles, long Bytes, long AllBytes)
{
    /// <summary>The scan of some partitions of a table.</summary>
    internal static TableScan Of(LakeTable table, IReadOnlyCollection<LakeFile> read) => new(
        table.Name, PartitionsOf(read), PartitionsOf(table.Files), read.Count, table.Files.Count, read.Sum(file => file.Bytes), table.Files.Sum(file => file.Bytes));

    private static int PartitionsOf(IEnumerable<LakeFile> files) => files.Select(file => string.Join('/', file.PartitionValues)).Distinct(StringComparer.Ordinal).Count();
}
