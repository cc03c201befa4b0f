using StockActors.Market;
using StockActors.Market.Wire;
using StockActors.Sinks.Chain;
using StockActors.Sinks.Columns;
using StockActors.Sinks.Compaction;
using StockActors.Sinks.Storage;

namespace StockActors.Sinks.Tests;

public sealed class CompactionTests : IDisposable
{
    private readonly string _root = Path.Combine(Path.GetTempPath(), $"lake-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(_root))
            Directory.Delete(_root, recursive: true);
    }

    [Theory]
    [InlineData(1, 7)]
    [InlineData(2, 1)]
    [InlineData(3, 100_000)]
    public void Merged_files_have_the_same_rows_by_symbol_sequence_file_and_row(int seed, int rowsPerObject)
    {
        var ticks = new RandomTicks(seed);
        var log = ticks.Log(600, dead: false);
        var parts = new Dictionary<TablePartition, List<byte[]>>();
        var encoder = new ParquetEncoder(rowGroupRows: 5);
        for (var from = log.Low; from < log.Records[^1].Offset;)
        {
            var buffer = new EpochBuffer();
            buffer.Begin(from);
            using var batch = log.Poll(from, 150);
            buffer.Take(batch, 0, new TickDecoder(), UnixNanos.From(RandomTicks.Now), at: 0);
            foreach (var (partition, rows) in buffer.Tables)
            {
                parts.TryAdd(partition, []);
                parts[partition].Add(encoder.Encode(rows).Content);
            }

            from = batch.NextOffset;
        }

        Assert.Contains(parts.Values, files => files.Count > 2);
        foreach (var (partition, files) in parts)
        {
            var merged = encoder.Merge(partition.Table, files, rowsPerObject).ToList();
            Assert.All(merged.SkipLast(1), output => Assert.Equal(rowsPerObject, output.Rows));
            Assert.All(merged, output => Assert.Equal((output.Rows, output.Checksum), encoder.Inspect(output.Content)));

            var expected = files.SelectMany(file => LakeRows.In(new CommittedObject(partition, ""), file))
                .OrderBy(Symbol, StringComparer.Ordinal).ThenBy(Sequence);
            Assert.Equal(expected, merged.SelectMany(output => LakeRows.In(new CommittedObject(partition, ""), output.Content)));
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_compacted_lake_in_a_directory_has_the_same_rows_in_fewer_objects_and_nothing_else(int seed)
    {
        var lake = new LakeUnderTest(new RandomTicks(seed).Log(300), new DirectoryStore(_root, TimeProvider.System));
        await lake.RunAsync(lake.Writer(), seed);
        var before = (await LakeSnapshot.ReadAsync(lake.SeenBy(new Interception()))).Objects.Count;

        var (switched, deleted) = await CompactAsync(lake);

        await lake.CheckReadersAsync();
        var after = (await LakeSnapshot.ReadAsync(lake.SeenBy(new Interception()))).Objects;
        Assert.All(after, file => Assert.Contains("/compacted/", file.Path, StringComparison.Ordinal));
        Assert.Equal((switched.Count, before), (after.Count, deleted));
        Assert.Equal(before, switched.Sum(partition => partition.Inputs));
        Assert.Equal(after.Count, Directory.GetFiles(_root, "*.parquet", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task Late_rows_go_to_the_new_location_of_a_chain_that_was_opened_before_and_of_one_opened_after()
    {
        var lake = new LakeUnderTest(new RandomTicks(6).Log(300));
        var end = lake.Log.High;
        lake.Log.High = lake.Log.Records[150].Offset;
        var early = lake.Writer(node: "early");
        var position = (await early.RecoverAsync()).Offset;
        early.Add(lake.Log.Poll(position, 100));
        await early.FlushAsync();
        early.Add(lake.Log.Poll(early.ReadPosition, 40));

        await CompactAsync(lake);
        lake.Log.High = end;
        Assert.NotNull(await early.FlushAsync());
        await lake.CheckReadersAsync();

        await lake.RunAsync(lake.Writer(node: "late"), 6);
        await lake.CheckReadersAsync();
        Assert.Contains(
            ((MemoryStore)lake.Store).Keys,
            key => key.StartsWith("compacted/", StringComparison.Ordinal) && DataName.TryParse(key, out var name) && name.First >= early.ReadPosition);
    }

    [Fact]
    public async Task An_unfinished_epoch_is_left_to_its_owner_and_named()
    {
        var lake = new LakeUnderTest(new RandomTicks(7).Log(100, dead: false));
        var dies = new Interception { FateOf = (_, _) => Fate.Pass, Gate = key => key == "commit" ? throw new Crash() : Task.CompletedTask };
        var writer = lake.Writer(dies);
        await writer.RecoverAsync();
        writer.Add(lake.Log.Poll(writer.ReadPosition, 50));
        await Assert.ThrowsAsync<Crash>(() => writer.FlushAsync());
        var key = ((MemoryStore)lake.Store).Keys.First(key => key.EndsWith(".parquet", StringComparison.Ordinal));
        await lake.Store.DeleteAsync(key, default);

        var waiting = new List<PartitionCompacted>();
        await new Compactor(lake.SeenBy(new Interception()), "compactor", time: lake.Time)
            .RunAsync(await PartitionsAsync(lake), new Told<PartitionCompacted>(waiting.Add));

        Assert.All(waiting, partition => Assert.Equal(CompactionState.Waits, partition.State));
        Assert.Contains(key, waiting[0].WaitsFor, StringComparison.Ordinal);
        Assert.DoesNotContain(((MemoryStore)lake.Store).Keys, key => key.StartsWith("compacted/", StringComparison.Ordinal));
        await lake.RunAsync(lake.Writer(), 7);
        await CompactAsync(lake);
        await lake.CheckReadersAsync();
    }

    [Fact]
    public async Task An_epoch_that_has_stood_unfinished_for_long_is_finished_first_and_one_that_can_not_be_names_the_command_that_gives_it_up()
    {
        var lake = new LakeUnderTest(new RandomTicks(9).Log(100, dead: false));
        var dies = new Interception { Gate = key => key.StartsWith("trades/", StringComparison.Ordinal) ? throw new Crash() : Task.CompletedTask };
        var writer = lake.Writer(dies);
        await writer.RecoverAsync();
        writer.Add(lake.Log.Poll(writer.ReadPosition, 100));
        await Assert.ThrowsAsync<Crash>(() => writer.FlushAsync());
        var opened = lake.SeenBy(new Interception());
        foreach (var table in (string[])["quotes", "status", "bars"])
            await opened.Catalogue.EnsurePartitionsAsync([.. await TablePartitionsOfAsync(table)], default);
        var finisher = new Finisher(lake);
        var options = new CompactionOptions { FinishAfter = TimeSpan.FromMinutes(15), Finisher = finisher };

        var young = await PassAsync();
        Assert.All(young, done => Assert.Equal(CompactionState.Waits, done.State));
        Assert.Equal(0, finisher.Asked);

        lake.Time.Advance(TimeSpan.FromMinutes(16));
        finisher.Why = "Its topic is gone.";
        var gone = await PassAsync();
        Assert.Contains("Its topic is gone.", gone[0].WaitsFor, StringComparison.Ordinal);
        Assert.Contains(
            $"'stockactors lane accept --topic {TestLog.Topic} --topic-id {lake.Log.TopicId} --lane {TestLog.Lane} --lake test'", gone[0].WaitsFor, StringComparison.Ordinal);

        finisher.Why = null;
        Assert.All(await PassAsync(), done => Assert.Equal(CompactionState.Switched, done.State));
        await lake.CheckReadersAsync();

        async Task<List<PartitionCompacted>> PassAsync()
        {
            var told = new List<PartitionCompacted>();
            await new Compactor(opened, "compactor", options, lake.Time).RunAsync(await PartitionsAsync(lake), new Told<PartitionCompacted>(told.Add), leaveBehind: true);
            return told;
        }

        async Task<List<TablePartition>> TablePartitionsOfAsync(string table) => await lake.Store.ListAsync(table + "/", default)
            .Select(listed => new TablePartition(table, listed.Key[(table.Length + 1)..listed.Key.LastIndexOf('/')])).Distinct().ToListAsync();
    }

    private sealed class Finisher(LakeUnderTest lake) : IEpochFinisher
    {
        public int Asked { get; private set; }

        public string? Why { get; set; }

        public async Task<string?> FinishAsync(string topic, string topicId, int lane, CancellationToken cancellation)
        {
            Asked++;
            if (Why is null)
                await lake.RunAsync(lake.Writer(node: "finisher"), 1);
            return Why;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_input_that_is_missing_or_wrong_stops_the_compaction_and_is_named(bool missing)
    {
        var lake = new LakeUnderTest(new RandomTicks(8).Log(100));
        await lake.RunAsync(lake.Writer(), 8);
        var key = ((MemoryStore)lake.Store).Keys.Order(StringComparer.Ordinal).Where(key => key.EndsWith(".parquet", StringComparison.Ordinal))
            .GroupBy(key => key[..key.LastIndexOf('/')]).First(objects => objects.Count() > 1).First();
        await lake.Store.DeleteAsync(key, default);
        if (!missing)
            await lake.Store.PutAsync(key, "PAR1"u8.ToArray(), default);

        var partition = (await PartitionsAsync(lake)).Single(partition => key.StartsWith(partition.FirstLocation, StringComparison.Ordinal));
        var stopped = await Assert.ThrowsAsync<CompactionStoppedException>(
            () => new Compactor(lake.SeenBy(new Interception()), "compactor", time: lake.Time).RunAsync([partition]));

        Assert.Equal(partition, stopped.Partition);
        Assert.Contains(key, stopped.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(((MemoryStore)lake.Store).Keys, key => key.StartsWith("compacted/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_partition_is_compacted_by_itself_once_its_time_has_passed_and_nothing_has_come_for_a_while()
    {
        var lake = new LakeUnderTest(new RandomTicks(9).Log(200));
        await lake.RunAsync(lake.Writer(), 9);
        var compactor = new Compactor(lake.SeenBy(new Interception()), "compactor", new CompactionOptions { QuietFor = TimeSpan.FromMinutes(15) }, lake.Time);

        Assert.Empty(await compactor.FindAsync());
        lake.Time.Advance(TimeSpan.FromMinutes(16));
        var hourAgo = await compactor.FindAsync();
        Assert.Contains(new TablePartition("trades", "dt=2026-01-07/hour=11"), hourAgo);
        Assert.DoesNotContain(new TablePartition("bars", "interval=1m/dt=2026-01-07"), hourAgo);
        Assert.DoesNotContain(hourAgo, partition => partition.Path.EndsWith("dt=2026", StringComparison.Ordinal));
        lake.Time.Advance(TimeSpan.FromDays(1));
        Assert.Contains(new TablePartition("bars", "interval=1m/dt=2026-01-07"), await compactor.FindAsync());

        var (switched, _) = await CompactAsync(lake, await compactor.FindAsync());
        Assert.NotEmpty(switched);
        Assert.Empty(await compactor.FindAsync());
    }

    [Fact]
    public async Task A_later_pass_deletes_what_a_zombie_has_put_back()
    {
        var lake = new LakeUnderTest(new RandomTicks(10).Log(100));
        await lake.RunAsync(lake.Writer(), 10);
        var keys = ((MemoryStore)lake.Store).Keys.Where(key => key.EndsWith(".parquet", StringComparison.Ordinal)).ToList();
        var content = (await lake.Store.GetAsync(keys[0], default))!.Content;
        await CompactAsync(lake);
        await lake.Store.PutAsync(keys[0], content, default);

        var compactor = new Compactor(lake.SeenBy(new Interception()), "later", new CompactionOptions { Grace = TimeSpan.Zero }, lake.Time);
        var left = await compactor.FindLeftBehindAsync();

        Assert.Single(left);
        Assert.Equal(1, await compactor.RunAsync(left));
        Assert.Null(await lake.Store.GetAsync(keys[0], default));
        await lake.CheckReadersAsync();
    }

    private static async Task<(List<PartitionCompacted> Switched, int Deleted)> CompactAsync(
        LakeUnderTest lake, IReadOnlyList<TablePartition>? partitions = null)
    {
        var done = new List<PartitionCompacted>();
        var compactor = new Compactor(lake.SeenBy(new Interception()), "compactor", new CompactionOptions { Grace = TimeSpan.FromMinutes(1) }, lake.Time);
        var run = compactor.RunAsync(partitions ?? await PartitionsAsync(lake), new Told<PartitionCompacted>(done.Add));
        await lake.Time.ArmedAsync();
        Assert.False(run.IsCompleted);
        lake.Time.Advance(TimeSpan.FromMinutes(1));
        return (done.FindAll(partition => partition.State == CompactionState.Switched), await run);
    }

    private static async Task<List<TablePartition>> PartitionsAsync(LakeUnderTest lake)
    {
        var catalogue = new DirectoryCatalogue(lake.Store);
        var partitions = new List<TablePartition>();
        foreach (var table in LakeSnapshot.Tables)
            partitions.AddRange(await catalogue.ListAsync(table, default).Select(at => at.Partition).ToListAsync());
        return partitions;
    }

    private static string Symbol(string row) => row.Split('|')[1];

    private static long Sequence(string row) => row.Split('|')[4] is "null" ? long.MinValue : long.Parse(row.Split('|')[4], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Reports at once, on the thread that reports.</summary>
    private sealed class Told<T>(Action<T> take) : IProgress<T>
    {
        public void Report(T value) => take(value);
    }
}
