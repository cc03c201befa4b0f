using StockActors.Sinks.Compaction;
using StockActors.Sinks.Storage;

namespace StockActors.Sinks.Tests;

public class CatalogueRebuildTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_lost_catalogue_is_what_it_was_also_where_partitions_are_compacted_or_about_to_be(int seed)
    {
        var lake = new LakeUnderTest(new RandomTicks(seed).Log(300));
        await lake.RunAsync(lake.Writer(), seed);
        var opened = lake.SeenBy(new Interception());
        var compactor = new Compactor(opened, "compactor", new CompactionOptions { RepeatAfter = TimeSpan.Zero, Grace = TimeSpan.Zero, RowsPerObject = 5 }, lake.Time);
        var partitions = new List<TablePartition>();
        foreach (var table in LakeSnapshot.Tables)
            partitions.AddRange((await opened.Catalogue.ListAsync(table, default).ToListAsync()).Select(at => at.Partition));
        Assert.True(partitions.Count > 3, $"seed {seed} leaves little to compact");

        // Some are compacted to the end; one has its plan and its moves, and died before its last output.
        await compactor.RunAsync([.. partitions.Take(partitions.Count / 2)]);
        var interrupted = new Compactor(
            lake.SeenBy(new Interception { Gate = key => key.Contains("compacted-00000000", StringComparison.Ordinal) ? throw new Crash() : Task.CompletedTask }),
            "interrupted", new CompactionOptions { RepeatAfter = TimeSpan.Zero, RowsPerObject = 5 }, lake.Time);
        await Assert.ThrowsAsync<Crash>(() => interrupted.RunAsync([partitions[^1]]));
        var before = await LocationsAsync(opened);
        Assert.Contains(before, location => location.Contains("compacted/", StringComparison.Ordinal));

        foreach (var key in ((MemoryStore)lake.Store).Keys.Where(key => key.StartsWith("_catalog/", StringComparison.Ordinal)).ToList())
            await lake.Store.DeleteAsync(key, default);
        var rebuild = new CatalogueRebuild(opened);
        Assert.Equal(1, await rebuild.RunAsync());

        Assert.Equal((before.Count, before.Count), (rebuild.Found, rebuild.Registered));
        Assert.Equal(before, await LocationsAsync(opened));
        await lake.CheckReadersAsync();

        var again = new CatalogueRebuild(opened);
        await again.RunAsync();
        Assert.Equal((before.Count, 0), (again.Found, again.Registered));
        Assert.Equal(before, await LocationsAsync(opened));
    }

    [Fact]
    public async Task A_place_without_chains_is_no_lake()
    {
        var nothing = new MemoryStore();
        var error = await Assert.ThrowsAsync<LakeException>(() => new CatalogueRebuild(new Lake("s3://bucket/typo", nothing, new DirectoryCatalogue(nothing))).RunAsync());
        Assert.Contains("s3://bucket/typo", error.Message, StringComparison.Ordinal);
        Assert.Empty(nothing.Keys);
    }

    private static async Task<List<string>> LocationsAsync(Lake lake)
    {
        var locations = new List<string>();
        foreach (var table in LakeSnapshot.Tables)
            locations.AddRange((await lake.Catalogue.ListAsync(table, default).ToListAsync()).Select(at => $"{at.Partition} lies at {at.Location}"));
        return [.. locations.Order(StringComparer.Ordinal)];
    }
}
