using System.Runtime.CompilerServices;
using System.Text.Json;

namespace StockActors.Sinks.Storage;

/// <summary>
/// The lake's own catalogue: one object per partition under <c>_catalog/</c>, created once and replaced once, that says where the partition lies.
/// </summary>
internal sealed class DirectoryCatalogue(IObjectStore store) : ICatalogue
{
    private const string Extension = ".json";

    public Task EnsurePartitionAsync(TablePartition partition, CancellationToken cancellation) =>
        store.PutIfAbsentAsync(KeyOf(partition), Write(partition.FirstLocation), cancellation);

    public async Task<string?> LocationOfAsync(TablePartition partition, CancellationToken cancellation) =>
        await store.GetAsync(KeyOf(partition), cancellation) is { } stored ? Read(KeyOf(partition), stored.Content).Location : null;

    public async Task SwitchAsync(TablePartition partition, string location, CancellationToken cancellation)
    {
        var key = KeyOf(partition);
        while (true)
        {
            var stored = await store.GetAsync(key, cancellation) ?? throw Unreadable(key, "it is gone");
            if (Read(key, stored.Content).Location == location
                || await store.ReplaceAsync(key, stored.ETag, Write(location), cancellation))
                return;
        }
    }

    public async Task RegisterAsync(LakeTable table, TablePartition partition, string location, CancellationToken cancellation)
    {
        if (!await store.PutIfAbsentAsync(KeyOf(partition), Write(location), cancellation))
            await SwitchAsync(partition, location, cancellation);
    }

    public async IAsyncEnumerable<PartitionLocation> ListAsync(string table, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var folder = FolderOf(table);
        await foreach (var (key, _) in store.ListAsync(folder, cancellation))
        {
            var stored = await store.GetAsync(key, cancellation) ?? throw Unreadable(key, "it is gone");
            var partition = new TablePartition(table, key[folder.Length..^Extension.Length]);
            yield return new PartitionLocation(partition, Read(key, stored.Content).Location);
        }
    }

    private static byte[] Write(string location) => JsonSerializer.SerializeToUtf8Bytes(new Content(location), LakeJson.Default.Content);

    private Content Read(string key, byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize(content, LakeJson.Default.Content) ?? throw Unreadable(key, "it is null");
        }
        catch (JsonException e)
        {
            throw Unreadable(key, e.Message);
        }
    }

    private LakeException Unreadable(string key, string why) => new(
        $"{store.AddressOf(key)} does not say where its partition lies: {why}. "
        + "Restore it; a partition's first location is the folder of the same name beside _catalog.");

    private static string FolderOf(string table) => $"_catalog/{table}/";

    private static string KeyOf(TablePartition partition) => $"{FolderOf(partition.Table)}{partition.Path}{Extension}";

    /// <summary>What the object of a partition holds.</summary>
    internal sealed record Content(string Location);
}
