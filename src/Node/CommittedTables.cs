using StockActors.Analytics;
using StockActors.Sinks;

namespace StockActors.Node;

/// <summary>A lake's committed state as analytics asks for it; copies of its objects where a cache is given.</summary>
internal sealed class CommittedTables(Lake lake, LakeCache? cache) : ILakeTables
{
    public async ValueTask<IReadOnlyList<Analytics.LakeTable>> ReadAsync(CancellationToken cancellation)
    {
        var objects = (await LakeSnapshot.ReadAsync(lake, cancellation)).Objects;
        var files = (cache is null ? objects : await cache.CopyAsync(objects, cancellation)).ToLookup(file => file.Partition.Table);
        return
        [
            .. Sinks.LakeTable.All.Select(table => new Analytics.LakeTable(
                table.Name,
                [.. table.Columns.Select(column => new LakeColumn(column.Name, column.SqlType))],
                table.PartitionKeys,
                [.. files[table.Name].Select(file => new LakeFile(file.Path, [.. file.Partition.Values.Select(value => value.Value)]))])),
        ];
    }
}
