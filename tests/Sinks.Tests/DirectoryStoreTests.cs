using StockActors.Sinks.Storage;

namespace StockActors.Sinks.Tests;

public sealed class DirectoryStoreTests : IDisposable
{
    private readonly string _root = Path.Combine(Path.GetTempPath(), $"lake-{Guid.NewGuid():N}");
    private readonly ManualTime _time = new(DateTimeOffset.UtcNow);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_log_written_to_a_directory_is_there_once_whatever_died_on_the_way()
    {
        for (var call = 5; call < 60; call += 9)
        {
            var lake = new LakeUnderTest(new RandomTicks(8).Log(60), new DirectoryStore(Path.Combine(_root, $"{call}"), _time));
            var fatal = call;
            var process = new Interception { FateOf = (n, _) => n == fatal ? Fate.DieAfter : Fate.Pass };
            await Assert.ThrowsAsync<Crash>(() => lake.RunAsync(lake.Writer(process), seed: 8));
            await lake.CheckReadersAsync();
            await lake.RunAsync(lake.Writer(), seed: 9);
            await lake.CheckCompleteAsync();
        }
    }

    [Fact]
    public async Task Of_many_that_put_one_key_exactly_one_creates_it()
    {
        var store = new DirectoryStore(_root, _time);
        for (var round = 0; round < 20; round++)
        {
            var key = $"a/b={round}/c.json";
            var won = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => store.PutIfAbsentAsync(key, new byte[] { (byte)i }, default)));
            var winner = Assert.Single(Enumerable.Range(0, 16), i => won[i]);
            Assert.Equal([(byte)winner], (await store.GetAsync(key, default))!.Content);
        }

        Assert.Empty(Directory.GetFiles(Path.Combine(_root, "_tmp")));
    }

    [Fact]
    public async Task An_object_is_replaced_only_while_it_is_the_one_that_was_read()
    {
        var store = new DirectoryStore(_root, _time);
        await store.PutIfAbsentAsync("x", new byte[] { 1 }, default);
        var read = await store.GetAsync("x", default);
        Assert.True(await store.ReplaceAsync("x", read!.ETag, new byte[] { 2 }, default));
        Assert.False(await store.ReplaceAsync("x", read.ETag, new byte[] { 3 }, default));
        Assert.False(await store.ReplaceAsync("y", read.ETag, new byte[] { 3 }, default));
        Assert.Equal([2], (await store.GetAsync("x", default))!.Content);
        Assert.False(await store.ExistsAsync("y", default));
    }

    [Fact]
    public async Task Listings_give_the_keys_below_a_folder_and_no_temporary_files()
    {
        var store = new DirectoryStore(_root, _time);
        foreach (var key in new[] { "t/p=1/a", "t/p=1/q=2/b", "t2/c", "t/p=1/.hidden" })
            await store.PutIfAbsentAsync(key, new byte[] { 1 }, default);
        await File.WriteAllTextAsync(Path.Combine(_root, "_tmp", "left"), "torn");
        Assert.Equal(["t/p=1/a", "t/p=1/q=2/b"], (await store.ListAsync("t/", default).ToListAsync()).Order());
        Assert.Equal(["t", "t2"], (await store.ListFoldersAsync("", default).ToListAsync()).Order());
        Assert.Empty(await store.ListAsync("none/", default).ToListAsync());
        await store.DeleteAsync("t/p=1/a", default);
        await store.DeleteAsync("t/p=1/a", default);
        Assert.Equal(["t/p=1/q=2/b"], await store.ListAsync("t/", default).ToListAsync());
    }

    [Fact]
    public async Task Temporary_files_of_the_dead_are_swept_when_the_lake_is_opened_and_those_of_the_living_are_not()
    {
        _ = new DirectoryStore(_root, _time);
        var left = Path.Combine(_root, "_tmp", "left");
        await File.WriteAllTextAsync(left, "torn");
        _ = new DirectoryStore(_root, _time);
        Assert.True(File.Exists(left));
        _time.Advance(TimeSpan.FromHours(2));
        _ = new DirectoryStore(_root, _time);
        Assert.False(File.Exists(left));
    }

    [Fact]
    public async Task A_path_that_can_not_be_a_lake_is_named_with_its_cause()
    {
        Directory.CreateDirectory(_root);
        var file = Path.Combine(_root, "file");
        await File.WriteAllTextAsync(file, "");
        Assert.Contains(file, Assert.Throws<LakeException>(() => Lake.Open(file)).Message, StringComparison.Ordinal);
        Assert.Contains("/proc/none", Assert.Throws<LakeException>(() => Lake.Open("/proc/none")).Message, StringComparison.Ordinal);
        Assert.Contains("S3", Assert.Throws<LakeException>(() => Lake.Open("s3://bucket/lake")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_catalogue_entry_that_says_nothing_is_named()
    {
        var lake = Lake.Open(_root, _time);
        await lake.Catalogue.EnsurePartitionAsync(new TablePartition("trades", "dt=2026-01-05/hour=14"), default);
        await lake.Catalogue.EnsurePartitionAsync(new TablePartition("trades", "dt=2026-01-05/hour=14"), default);
        var listed = Assert.Single(await lake.Catalogue.ListAsync("trades", default).ToListAsync());
        Assert.Equal("trades/dt=2026-01-05/hour=14/", listed.Location);
        Assert.Equal([KeyValuePair.Create("dt", "2026-01-05"), KeyValuePair.Create("hour", "14")], listed.Partition.Values);
        await File.WriteAllTextAsync(Path.Combine(_root, "_catalog/trades/dt=2026-01-05/hour=14.json"), "{}");
        var unreadable = await Assert.ThrowsAsync<LakeException>(() => LakeSnapshot.ReadAsync(lake));
        Assert.Contains("hour=14.json", unreadable.Message, StringComparison.Ordinal);
    }
}
