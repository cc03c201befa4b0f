using StockActors.Market;
using StockActors.Sinks.Storage;

namespace StockActors.Sinks.Tests;

public sealed class CommittedRowsTests : IDisposable
{
    private readonly string _root = Path.Combine(Path.GetTempPath(), $"lake-{Guid.NewGuid():N}");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static readonly string[] Symbols = ["S001", "S002", "BRK.B", "^HSI", "A", "NONE"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Counts_are_those_of_the_logs_ticks_from_the_given_sequences_on(int seed)
    {
        var lake = new LakeUnderTest(new RandomTicks(seed).Log(400), new DirectoryStore(_root, TimeProvider.System));
        await lake.RunAsync(lake.Writer(), seed);
        var opened = Lake.Open(_root);
        var random = new Random(seed);
        for (var i = 0; i < 30; i++)
        {
            var run = $"run-{random.Next(3)}";
            var first = Symbols.Where(_ => random.Next(3) > 0).ToDictionary(symbol => symbol, _ => (long)random.Next(-1, 450));
            var expected = lake.Log.Records.Where(r => r.Tick is not null).Select(r => r.Tick!.Value)
                .Where(tick => tick.RunId == run && tick.Sequence >= first.GetValueOrDefault(tick.Symbol, long.MaxValue)).ToList();
            TickFeed[] feeds = [.. TickFeeds.All.Where(_ => random.Next(3) > 0)];
            Assert.Equal(TickCounts.Of([.. expected.Where(tick => feeds.Contains(TickFeeds.Of(tick.Kind)))]), await CommittedRows.CountAsync(opened, run, Of(feeds, first)));
        }
    }

    [Fact]
    public async Task Rows_of_an_epoch_that_is_not_finished_do_not_count()
    {
        var lake = new LakeUnderTest(new RandomTicks(1).Log(400), new DirectoryStore(_root, TimeProvider.System));
        var dies = new Interception
        {
            Gate = key => key.StartsWith("_catalog", StringComparison.Ordinal) ? throw new Crash() : Task.CompletedTask,
        };
        await Assert.ThrowsAsync<Crash>(() => lake.RunAsync(lake.Writer(dies), 1));
        Assert.NotEmpty(Directory.GetFiles(_root, "*.parquet", SearchOption.AllDirectories));
        Assert.Equal(default, await CommittedRows.CountAsync(Lake.Open(_root), "run-1", All));
    }

    [Fact]
    public async Task A_file_that_is_no_parquet_is_named()
    {
        var lake = new LakeUnderTest(new RandomTicks(1).Log(40), new DirectoryStore(_root, TimeProvider.System));
        await lake.RunAsync(lake.Writer(), 1);
        var file = Directory.GetFiles(_root, "*.parquet", SearchOption.AllDirectories)[0];
        await File.WriteAllTextAsync(file, "torn");
        var unreadable = await Assert.ThrowsAsync<LakeException>(
            () => CommittedRows.CountAsync(Lake.Open(_root), "run-1", All));
        Assert.Contains(file, unreadable.Message, StringComparison.Ordinal);
    }

    private static Dictionary<TickFeed, IReadOnlyDictionary<string, long>> All => Of(TickFeeds.All, Symbols.ToDictionary(symbol => symbol, _ => 0L));

    private static Dictionary<TickFeed, IReadOnlyDictionary<string, long>> Of(IEnumerable<TickFeed> feeds, IReadOnlyDictionary<string, long> first) => feeds.ToDictionary(feed => feed, _ => first);
}
