using System.Collections.Concurrent;
using System.Globalization;
using StockActors.Sinks.Storage;

namespace StockActors.Sinks.Tests;

/// <summary>An object store that is as strict as S3 and as durable as the test.</summary>
internal sealed class MemoryStore : IObjectStore
{
    private readonly ConcurrentDictionary<string, StoredObject> _objects = new(StringComparer.Ordinal);
    private long _version;

    public ICollection<string> Keys => _objects.Keys;

    public string AddressOf(string key) => key;

    public Task<bool> PutIfAbsentAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        Task.FromResult(_objects.TryAdd(key, Stored(content)));

    public Task<bool> ReplaceAsync(string key, string etag, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        Task.FromResult(_objects.TryGetValue(key, out var found) && found.ETag == etag && _objects.TryUpdate(key, Stored(content), found));

    public Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        _objects[key] = Stored(content);
        return Task.CompletedTask;
    }

    public Task<StoredObject?> GetAsync(string key, CancellationToken cancellation) => Task.FromResult(_objects.GetValueOrDefault(key));

    public Task<bool> ExistsAsync(string key, CancellationToken cancellation) => Task.FromResult(_objects.ContainsKey(key));

    public IAsyncEnumerable<ListedObject> ListAsync(string folder, CancellationToken cancellation) => _objects
        .Where(stored => stored.Key.StartsWith(folder, StringComparison.Ordinal))
        .Select(stored => new ListedObject(stored.Key, stored.Value.Content.Length)).ToAsyncEnumerable();

    public IAsyncEnumerable<string> ListFoldersAsync(string folder, CancellationToken cancellation) => _objects.Keys
        .Where(key => key.StartsWith(folder, StringComparison.Ordinal) && key.IndexOf('/', folder.Length) > 0)
        .Select(key => key[folder.Length..key.IndexOf('/', folder.Length)]).Distinct().ToAsyncEnumerable();

    public Task DeleteAsync(string key, CancellationToken cancellation)
    {
        _objects.TryRemove(key, out _);
        return Task.CompletedTask;
    }

    private StoredObject Stored(ReadOnlyMemory<byte> content) =>
        new(content.ToArray(), Interlocked.Increment(ref _version).ToString(CultureInfo.InvariantCulture));
}
