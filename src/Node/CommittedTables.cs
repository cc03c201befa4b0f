using StockActors.Analytics;
using StockActors.Analytics.Jobs;
using StockActors.Node.Jobs;
using StockActors.Sinks;
using StockActors.Sinks.Derived;

namespace StockActors.Node;

/// <summary>A lake's committed state, and what jobs have made of it, as analytics asks for it; copies of its objects where a cache is given.</summary>
internal sealed class CommittedTables(Lake lake, LakeCache? cache) : ILakeTables
{
    private readonly JobTables _derived = new(new JobLake(new DerivedObjects(lake), cache));

    public bool IsRemote => cache is not null;

    public async ValueTask<IReadOnlyList<Analytics.LakeTable>> ReadAsync(CancellationToken cancellation)
    {
        var objects = (await LakeSnapshot.ReadAsync(lake, cancellation)).Objects.ToLookup(committed => committed.Partition.Table);
        return
        [
            .. Sinks.LakeTable.All.Where(table => !table.IsOnDemand || objects[table.Name].Any()).Select(table => new Analytics.LakeTable(
                table.Name,
                [.. table.Columns.Select(column => new LakeColumn(column.Name, column.SqlType))],
                table.PartitionKeys,
                [.. objects[table.Name].Select(committed => new LakeFile(
                    cache?.PathOf(committed) ?? committed.Path, [.. committed.Partition.Values.Select(value => value.Value)], Bytes: committed.Bytes))])),
            .. await _derived.ReadAsync(cancellation),
        ];
    }

    public async ValueTask<IDisposable?> HoldAsync(IReadOnlyList<LakeFile> files, CancellationToken cancellation) =>
        cache is null ? null : await cache.HoldAsync([.. files.Select(file => (file.Path, file.Bytes))], cancellation);
}
