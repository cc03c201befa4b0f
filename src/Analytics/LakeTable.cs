namespace StockActors.Analytics;

/// <summary>A table of the lake.</summary>
/// <param name="Name">Its name in SQL.</param>
/// <param name="Columns">What the files hold, in the table's order; every file has all of them.</param>
/// <param name="PartitionKeys">The names of the partition keys, outermost first; they are VARCHAR columns behind <paramref name="Columns"/>.</param>
/// <param name="Files">The committed files, in any order.</param>
public sealed record LakeTable(
    string Name, IReadOnlyList<LakeColumn> Columns, IReadOnlyList<string> PartitionKeys, IReadOnlyList<LakeFile> Files)
{
    /// <summary>Rows that are in no file, a value of its type or <c>null</c> for each column: what this process itself knows. Such a table has no files.</summary>
    public IReadOnlyList<object?[]> Rows { get; init; } = [];
}
