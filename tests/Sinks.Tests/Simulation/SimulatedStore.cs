using StockActors.Sinks.Storage;

namespace StockActors.Sinks.Tests.Simulation;

/// <summary>The lake's objects as one life of a process sees them: every call waits until the history answers it.</summary>
internal sealed class SimulatedStore(SimulatedLake lake, SimulatedLife life) : IObjectStore
{
    public string AddressOf(string key) => key;

    public Task<bool> PutIfAbsentAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        CallAsync(true, () => lake.PutIfAbsent(key, content.ToArray()));

    public Task<bool> ReplaceAsync(string key, string etag, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        CallAsync(true, () => lake.Replace(key, etag, content.ToArray()));

    public Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellation) => CallAsync(false, () =>
    {
        lake.Put(key, content.ToArray());
        return true;
    });

    public Task<StoredObject?> GetAsync(string key, CancellationToken cancellation) => CallAsync(false, () => lake.Get(key));

    public Task<bool> ExistsAsync(string key, CancellationToken cancellation) => CallAsync(false, () => lake.Get(key) is not null);

    public async IAsyncEnumerable<ListedObject> ListAsync(
        string folder, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var key in await CallAsync(false, () => lake.List(folder)))
            yield return new ListedObject(key, 0);
    }

    public async IAsyncEnumerable<string> ListFoldersAsync(
        string folder, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var keys = await CallAsync(false, () => lake.List(folder));
        foreach (var name in keys.Where(key => key.IndexOf('/', folder.Length) > 0).Select(key => key[folder.Length..key.IndexOf('/', folder.Length)]).Distinct())
            yield return name;
    }

    public Task DeleteAsync(string key, CancellationToken cancellation) => CallAsync(false, () =>
    {
        lake.Delete(key);
        return true;
    });

    private Task<T> CallAsync<T>(bool isConditional, Func<T> effect) => life.CallAsync(isConditional, effect);
}
