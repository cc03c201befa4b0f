using System.Collections.Concurrent;
using System.Text.Json;
using StockActors.Analytics.Jobs;

namespace StockActors.Analytics.Tests.Jobs;

/// <summary>What a lake keeps, in memory, as strict as S3; each process that uses it has a <see cref="View"/> of its own, which can be held, cut off or killed.</summary>
internal sealed class MemoryJobLake
{
    private readonly ConcurrentDictionary<string, (byte[] Content, string Tag)> _objects = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _locations = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private long _version;

    public ICollection<string> Keys => _objects.Keys;

    /// <summary>Where the catalogue says that each table's partitions lie.</summary>
    public IReadOnlyDictionary<string, string> Locations => _locations;

    /// <summary>The catalogue knows nothing any more.</summary>
    public void LoseCatalogue() => _locations.Clear();

    /// <summary>Called after every change.</summary>
    public Action Changed { get; set; } = () => { };

    /// <summary>A process's view of it: <paramref name="before"/> and <paramref name="after"/> are awaited around each call, with its number from 1, and may throw.</summary>
    public IJobLake View(Func<int, string, Task>? before = null, Func<int, string, Task>? after = null) =>
        new Process(this, before ?? ((_, _) => Task.CompletedTask), after ?? ((_, _) => Task.CompletedTask));

    /// <summary>The rows of a file as they were written.</summary>
    public string[][] Rows(string path) => JsonSerializer.Deserialize<string[][]>(_objects[path].Content)!;

    /// <summary>A file's text.</summary>
    public string? Text(string key) => _objects.TryGetValue(key, out var stored) ? System.Text.Encoding.UTF8.GetString(stored.Content) : null;

    private (byte[] Content, string Tag) Stored(ReadOnlyMemory<byte> content) => (content.ToArray(), $"{Interlocked.Increment(ref _version)}");

    private sealed class Process(MemoryJobLake lake, Func<int, string, Task> before, Func<int, string, Task> after) : IJobLake
    {
        private int _calls;

        public LakeFile FileOf(string table, string partition, ResultObject file) => new(file.Key, [.. partition.Split('/').Select(part => part.Split('=')[1])], file.Rows, file.Bytes);

        public Task<bool> PutIfAbsentAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellation) => ChangeAsync(key, () => lake._objects.TryAdd(key, lake.Stored(content)));

        public Task<bool> ReplaceAsync(string key, string tag, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
            ChangeAsync(key, () => lake._objects.TryGetValue(key, out var found) && found.Tag == tag && lake._objects.TryUpdate(key, lake.Stored(content), found));

        public Task<(byte[] Content, string Tag)?> GetAsync(string key, CancellationToken cancellation) =>
            CallAsync<(byte[], string)?>(key, () => lake._objects.TryGetValue(key, out var stored) ? stored : null);

        public async IAsyncEnumerable<string> ListAsync(string folder, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
        {
            foreach (var key in await CallAsync(folder, () => lake._objects.Keys.Where(key => key.StartsWith(folder, StringComparison.Ordinal)).ToList()))
                yield return key;
        }

        public Task DeleteAsync(string key, CancellationToken cancellation) => ChangeAsync(key, () => lake._objects.TryRemove(key, out _));

        public byte[] Encode(IReadOnlyList<LakeColumn> columns, IReadOnlyList<object?[]> rows) => JsonSerializer.SerializeToUtf8Bytes(rows.Select(row => row.Select(value => $"{value}")));

        public Task RegisterAsync(DerivedTable table, string partition, string location, CancellationToken cancellation) => ChangeAsync($"{table.Name}/{partition}", () =>
        {
            lake._locations[$"{table.Name}/{partition}"] = location;
            return true;
        });

        private Task<bool> ChangeAsync(string key, Func<bool> change) => CallAsync(key, () =>
        {
            // A change and what is seen of it are one moment.
            lock (lake._gate)
            {
                var changed = change();
                lake.Changed();
                return changed;
            }
        });

        private async Task<T> CallAsync<T>(string key, Func<T> call)
        {
            var n = Interlocked.Increment(ref _calls);
            await before(n, key);
            var answer = call();
            await after(n, key);
            return answer;
        }
    }
}
