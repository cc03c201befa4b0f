using System.Runtime.CompilerServices;
using StockActors.Sinks.Storage;

namespace StockActors.Sinks.Tests;

/// <summary>One process's view of a store: every call passes a point where the test may hold, kill or confuse it.</summary>
internal sealed class InterceptedStore(IObjectStore store, Interception interception) : IObjectStore
{
    public string AddressOf(string key) => store.AddressOf(key);

    public Task<bool> PutIfAbsentAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        interception.RunAsync(() => store.PutIfAbsentAsync(key, content, cancellation), isConditional: true, key);

    public Task<bool> ReplaceAsync(string key, string etag, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        interception.RunAsync(() => store.ReplaceAsync(key, etag, content, cancellation), isConditional: true, key);

    public Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellation) => interception.RunAsync(
        async () =>
        {
            await store.PutAsync(key, content, cancellation);
            return true;
        },
        isConditional: false,
        key);

    public Task<StoredObject?> GetAsync(string key, CancellationToken cancellation) =>
        interception.RunAsync(() => store.GetAsync(key, cancellation), isConditional: false, key);

    public Task<bool> ExistsAsync(string key, CancellationToken cancellation) =>
        interception.RunAsync(() => store.ExistsAsync(key, cancellation), isConditional: false, key);

    public async IAsyncEnumerable<ListedObject> ListAsync(string folder, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var listed in await interception.RunAsync(
            async () => await store.ListAsync(folder, cancellation).ToListAsync(cancellation), isConditional: false, folder))
            yield return listed;
    }

    public async IAsyncEnumerable<string> ListFoldersAsync(string folder, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var name in await interception.RunAsync(
            async () => await store.ListFoldersAsync(folder, cancellation).ToListAsync(cancellation), isConditional: false, folder))
            yield return name;
    }

    public Task DeleteAsync(string key, CancellationToken cancellation) => interception.RunAsync(
        async () =>
        {
            await store.DeleteAsync(key, cancellation);
            return true;
        },
        isConditional: false,
        key);
}
