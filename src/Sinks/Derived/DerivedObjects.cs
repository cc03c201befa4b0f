namespace StockActors.Sinks.Derived;

/// <summary>
/// What is made from a lake's ticks and kept beside them: objects of any kind, put under conditions, and tables that the catalogue knows. It has no
/// protocol of its own; whoever writes here has one.
/// </summary>
/// <param name="lake">The lake.</param>
/// <param name="time">The clock; the system's where <c>null</c>.</param>
public sealed class DerivedObjects(Lake lake, TimeProvider? time = null)
{
    /// <summary>The folder in which the objects of derived tables lie; ends in <c>/</c>.</summary>
    public const string Folder = "derived/";

    private static readonly TimeSpan RepeatAfter = TimeSpan.FromMilliseconds(50);

    private readonly UntilKnown _known = new(RepeatAfter, time ?? TimeProvider.System);

    /// <summary>The key's address as a query engine wants it: an absolute path, or a URI.</summary>
    public string AddressOf(string key) => lake.Objects.AddressOf(key);

    /// <summary>Puts an object where none stands; an unknown outcome is settled by repeating.</summary>
    /// <returns><c>false</c> where one stands there, which may be this very one, put by a call whose answer was lost.</returns>
    /// <exception cref="LakeException">The lake can't be written.</exception>
    public Task<bool> PutIfAbsentAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellation = default) =>
        _known.PutAsync(() => lake.Objects.PutIfAbsentAsync(key, content, cancellation), cancellation);

    /// <summary>Replaces an object that is still the one that was read.</summary>
    /// <returns><c>false</c> where it is another one by now, which may be this very one, put by a call whose answer was lost.</returns>
    /// <exception cref="LakeException">The lake can't be written.</exception>
    public Task<bool> ReplaceAsync(string key, string etag, ReadOnlyMemory<byte> content, CancellationToken cancellation = default) =>
        _known.PutAsync(() => lake.Objects.ReplaceAsync(key, etag, content, cancellation), cancellation);

    /// <summary>Reads an object and what changes when it does; <c>null</c> where none stands.</summary>
    /// <exception cref="LakeException">The lake can't be read.</exception>
    public async Task<(byte[] Content, string ETag)?> GetAsync(string key, CancellationToken cancellation = default) =>
        await lake.Objects.GetAsync(key, cancellation) is { } stored ? (stored.Content, stored.ETag) : null;

    /// <summary>The keys of all objects below a folder, which ends in <c>/</c>, in no order.</summary>
    /// <exception cref="LakeException">The lake can't be read.</exception>
    public IAsyncEnumerable<string> ListAsync(string folder, CancellationToken cancellation = default) =>
        lake.Objects.ListAsync(folder, cancellation).Select(listed => listed.Key);

    /// <summary>Deletes an object; that none stands there is success.</summary>
    /// <exception cref="LakeException">The lake can't be written.</exception>
    public Task DeleteAsync(string key, CancellationToken cancellation = default) => lake.Objects.DeleteAsync(key, cancellation);

    /// <summary>Has a partition of a derived table lie in a folder from now on, wherever it lay before; table and partition are made where they are absent.</summary>
    /// <param name="table">The table.</param>
    /// <param name="path">The partition's keys and values as Hive writes them: <c>dt=2026-01-05</c>.</param>
    /// <param name="location">The folder of its objects, a key that ends in <c>/</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="LakeException">The catalogue can't be reached, or another table stands in this one's place.</exception>
    public Task RegisterAsync(LakeTable table, string path, string location, CancellationToken cancellation = default) => _known.DoAsync(
        () => lake.Catalogue.RegisterAsync(table with { Location = $"{Folder}{table.Name}/" }, new TablePartition(table.Name, path), location, cancellation),
        cancellation);

    /// <summary>An object of a derived table as readers of the lake take it.</summary>
    /// <param name="table">The table.</param>
    /// <param name="path">The partition's keys and values as Hive writes them.</param>
    /// <param name="key">Its key.</param>
    /// <param name="bytes">Its size.</param>
    public CommittedObject Committed(string table, string path, string key, long bytes) => new(new TablePartition(table, path), AddressOf(key)) { Key = key, Bytes = bytes };
}
