using StockActors.Sinks.Storage;

namespace StockActors.Sinks.Tests;

public sealed class LakeCacheTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("lake-cache-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Copies_are_the_objects_and_are_made_once()
    {
        var (lake, objects) = await WrittenAsync();
        var first = await new LakeCache(lake, Cache, long.MaxValue).CopyAsync(objects);
        Assert.All(first.Zip(objects), pair => Assert.Equal(File.ReadAllBytes(pair.Second.Path), File.ReadAllBytes(pair.First.Path)));
        Assert.All(first.Zip(objects), pair => Assert.EndsWith(pair.Second.Key, pair.First.Path, StringComparison.Ordinal));

        foreach (var o in objects)
            File.Delete(o.Path);
        Assert.Equal(first, await new LakeCache(lake, Cache, long.MaxValue).CopyAsync(objects));
    }

    [Fact]
    public async Task Copies_that_are_not_asked_for_make_room_and_those_that_are_must_fit()
    {
        var (lake, objects) = await WrittenAsync();
        Assert.True(objects.Count > 2);
        var largest = objects.Max(o => new FileInfo(o.Path).Length);
        var cache = new LakeCache(lake, Cache, largest);
        foreach (var o in objects)
        {
            var copy = Assert.Single(await cache.CopyAsync([o]));
            Assert.True(File.Exists(copy.Path));
            Assert.True(Directory.GetFiles(Cache, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length) <= largest);
        }

        var e = await Assert.ThrowsAsync<LakeException>(() => cache.CopyAsync(objects));
        Assert.Contains("Analytics:CacheMb", e.Message, StringComparison.Ordinal);
    }

    private string Cache => Path.Combine(_root, "cache");

    private async Task<(Lake Lake, IReadOnlyList<CommittedObject> Objects)> WrittenAsync()
    {
        var folder = Path.Combine(_root, "lake");
        var written = new LakeUnderTest(new RandomTicks(1).Log(400), new DirectoryStore(folder, TimeProvider.System));
        await written.RunAsync(written.Writer(), 1);
        var lake = Lake.Open(folder);
        return (lake, (await LakeSnapshot.ReadAsync(lake)).Objects);
    }
}
