using StockActors.Analytics;
using StockActors.Analytics.Jobs;
using StockActors.Sinks;
using StockActors.Sinks.Derived;

namespace StockActors.Node.Jobs;

/// <summary>A lake as jobs see it; readers find copies of its objects where a cache is given.</summary>
internal sealed class JobLake(DerivedObjects objects, LakeCache? cache = null) : IJobLake
{
    public LakeFile FileOf(string table, string partition, ResultObject file)
    {
        var committed = objects.Committed(table, partition, file.Key, file.Bytes);
        return new LakeFile(cache?.PathOf(committed) ?? committed.Path, [.. committed.Partition.Values.Select(value => value.Value)], file.Rows, file.Bytes);
    }

    public Task<bool> PutIfAbsentAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellation) => objects.PutIfAbsentAsync(key, content, cancellation);

    public Task<bool> ReplaceAsync(string key, string tag, ReadOnlyMemory<byte> content, CancellationToken cancellation) => objects.ReplaceAsync(key, tag, content, cancellation);

    public async Task<(byte[] Content, string Tag)?> GetAsync(string key, CancellationToken cancellation) => await objects.GetAsync(key, cancellation);

    public IAsyncEnumerable<string> ListAsync(string folder, CancellationToken cancellation) => objects.ListAsync(folder, cancellation);

    public Task DeleteAsync(string key, CancellationToken cancellation) => objects.DeleteAsync(key, cancellation);

    public byte[] Encode(IReadOnlyList<LakeColumn> columns, IReadOnlyList<object?[]> rows) => DerivedRows.Encode([.. columns.Select(column => (column.Name, column.Type))], rows);

    public Task RegisterAsync(DerivedTable table, string partition, string location, CancellationToken cancellation) => objects.RegisterAsync(
        new Sinks.LakeTable(table.Name, [.. table.Columns.Select(column => (column.Name, column.Type))], table.PartitionKeys), partition, location, cancellation);
}
