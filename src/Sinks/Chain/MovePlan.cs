using System.Text.Json;
using StockActors.Sinks.Storage;

namespace StockActors.Sinks.Chain;

/// <summary>The plan of a partition's one compaction. It is put once and never changes, so that whoever comes second does the same.</summary>
/// <param name="Table">The table.</param>
/// <param name="Partition">The partition's path.</param>
/// <param name="Location">Where the partition lies from the switch on; ends in <c>/</c>.</param>
/// <param name="RowsPerObject">How many rows each output has; the last one may have fewer.</param>
internal sealed record MovePlan(string Table, string Partition, string Location, int RowsPerObject)
{
    private const string Folder = LaneChain.Root + "_moves/";
    private const string Extension = ".json";

    /// <summary>The partition.</summary>
    public TablePartition Of() => new(Table, Partition);

    /// <summary>The key of an output.</summary>
    public string OutputKey(int index) => $"{Location}{OutputPrefix}{index:D8}.parquet";

    /// <summary>Whether a key is an output's, not an epoch's.</summary>
    public static bool IsOutput(string key) => key.AsSpan(key.LastIndexOf('/') + 1).StartsWith(OutputPrefix, StringComparison.Ordinal);

    /// <summary>The partition's plan; <c>null</c> where nobody has planned anything.</summary>
    /// <exception cref="LakeException">It can't be read.</exception>
    public static async Task<MovePlan?> FindAsync(IObjectStore store, TablePartition partition, CancellationToken cancellation)
    {
        var key = KeyOf(partition);
        return await store.GetAsync(key, cancellation) is { } stored ? Read(store, key, stored.Content) : null;
    }

    /// <summary>The partitions that have a plan.</summary>
    public static async Task<IReadOnlySet<TablePartition>> ListAsync(IObjectStore store, CancellationToken cancellation)
    {
        var planned = new HashSet<TablePartition>();
        await foreach (var (key, _) in store.ListAsync(Folder, cancellation))
        {
            var path = key[Folder.Length..^Extension.Length];
            var table = path.IndexOf('/', StringComparison.Ordinal);
            planned.Add(new TablePartition(path[..table], path[(table + 1)..]));
        }

        return planned;
    }

    /// <summary>Puts a plan where none stands.</summary>
    /// <returns>The one that stands.</returns>
    /// <exception cref="LakeException">The one that stands can't be read.</exception>
    public static async Task<MovePlan> MakeAsync(IObjectStore store, MovePlan mine, UntilKnown known, CancellationToken cancellation)
    {
        var key = KeyOf(mine.Of());
        var content = JsonSerializer.SerializeToUtf8Bytes(mine, LakeJson.Default.MovePlan);
        return await known.PutAsync(() => store.PutIfAbsentAsync(key, content, cancellation), cancellation)
            ? mine
            : await FindAsync(store, mine.Of(), cancellation) ?? throw Unreadable(store, key, "it was there and is gone");
    }

    private const string OutputPrefix = "compacted-";

    private static string KeyOf(TablePartition partition) => $"{Folder}{partition.Table}/{partition.Path}{Extension}";

    private static MovePlan Read(IObjectStore store, string key, byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize(content, LakeJson.Default.MovePlan) ?? throw Unreadable(store, key, "it is null");
        }
        catch (JsonException e)
        {
            throw Unreadable(store, key, e.Message);
        }
    }

    private static LakeException Unreadable(IObjectStore store, string key, string why) => new(
        $"{store.AddressOf(key)} is no plan of a compaction: {why}. Plans are never changed or deleted: restore it.");
}
