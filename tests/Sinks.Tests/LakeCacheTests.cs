using StockActors.Sinks.Storage;

namespace StockActors.Sinks.Tests;

public sealed class LakeCacheTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("lake-cache-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Copies_are_the_objects_and_are_made_once()
    {
        var (lake, objects) = await WrittenAsync("lake");
        var cache = new LakeCache(lake, Cache, long.MaxValue);
        using (await cache.HoldAsync(Copies(cache, objects)))
            Assert.All(objects, o => Assert.Equal(File.ReadAllBytes(o.Path), File.ReadAllBytes(cache.PathOf(o))));
        Assert.All(objects, o => Assert.EndsWith(o.Key, cache.PathOf(o), StringComparison.Ordinal));

        foreach (var o in objects)
            File.Delete(o.Path);
        (await new LakeCache(lake, Cache, long.MaxValue).HoldAsync(Copies(cache, objects))).Dispose();
    }

    [Fact]
    public async Task Copies_that_are_not_held_make_room_whichever_lake_they_are_of()
    {
        var lakes = new[] { await WrittenAsync("one"), await WrittenAsync("two") };
        var all = lakes.SelectMany(lake => lake.Objects.Select(o => (lake.Lake, Object: o))).ToList();
        Assert.True(all.Count > 4);
        var largest = all.Max(o => o.Object.Bytes);
        foreach (var (lake, committed) in all)
        {
            var cache = new LakeCache(lake, Cache, largest);
            using (await cache.HoldAsync(Copies(cache, [committed])))
                Assert.True(File.Exists(cache.PathOf(committed)));
            Assert.InRange(Kept(), 1, largest);
        }

        var first = new LakeCache(lakes[0].Lake, Cache, largest);
        var e = await Assert.ThrowsAsync<LakeException>(() => first.HoldAsync(Copies(first, lakes[0].Objects)));
        Assert.Contains("Analytics:CacheMb", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_reader_holds_stays_until_it_has_done_with_it()
    {
        var (lake, objects) = await WrittenAsync("lake");
        var (held, other) = (objects[0], objects[1]);
        var cache = new LakeCache(lake, Cache, held.Bytes + other.Bytes - 1);
        var hold = await cache.HoldAsync(Copies(cache, [held]));
        using (await cache.HoldAsync(Copies(cache, [held])))
        {
            var e = await Assert.ThrowsAsync<LakeException>(() => cache.HoldAsync(Copies(cache, [other])));
            Assert.Contains("Ask again when they have ended", e.Message, StringComparison.Ordinal);
        }

        await Assert.ThrowsAsync<LakeException>(() => cache.HoldAsync(Copies(cache, [other])));
        Assert.True(File.Exists(cache.PathOf(held)));
        hold.Dispose();
        hold.Dispose();
        using (await cache.HoldAsync(Copies(cache, [other])))
            Assert.False(File.Exists(cache.PathOf(held)));
    }

    private static List<(string Path, long Bytes)> Copies(LakeCache cache, IEnumerable<CommittedObject> objects) => [.. objects.Select(o => (cache.PathOf(o), o.Bytes))];

    private long Kept() => Directory.GetFiles(Cache, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);

    private string Cache => Path.Combine(_root, "cache");

    private async Task<(Lake Lake, IReadOnlyList<CommittedObject> Objects)> WrittenAsync(string name)
    {
        var folder = Path.Combine(_root, name);
        var written = new LakeUnderTest(new RandomTicks(1).Log(400), new DirectoryStore(folder, TimeProvider.System));
        await written.RunAsync(written.Writer(), 1);
        var lake = Lake.Open(folder);
        return (lake, (await LakeSnapshot.ReadAsync(lake)).Objects);
    }
}
