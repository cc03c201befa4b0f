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

    [Theory]
    [MemberData(nameof(ObjectStoreContract.Rules), MemberType = typeof(ObjectStoreContract))]
    public async Task It_keeps_the_rules_of_an_object_store(string rule)
    {
        await ObjectStoreContract.CheckAsync(rule, new DirectoryStore(_root, _time));
        Assert.Empty(Directory.GetFiles(Path.Combine(_root, "_tmp")));
    }

    [Fact]
    public async Task Listings_give_no_temporary_and_no_hidden_files()
    {
        var store = new DirectoryStore(_root, _time);
        await store.PutIfAbsentAsync("t/a", new byte[] { 1 }, default);
        await File.WriteAllTextAsync(Path.Combine(_root, "t", ".hidden"), "");
        await File.WriteAllTextAsync(Path.Combine(_root, "_tmp", "left"), "torn");
        Assert.Equal("t/a", Assert.Single(await store.ListAsync("", default).ToListAsync()).Key);
        Assert.Equal(["t"], await store.ListFoldersAsync("", default).ToListAsync());
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
        Assert.Contains("gs://bucket/lake", Assert.Throws<LakeException>(() => Lake.Open("gs://bucket/lake")).Message, StringComparison.Ordinal);
        Assert.Contains("s3://BUCKET", Assert.Throws<LakeException>(() => Lake.Open("s3://")).Message, StringComparison.Ordinal);
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
