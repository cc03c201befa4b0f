using StockActors.Market;
using StockActors.Sinks.Audit;
using StockActors.Sinks.Chain;
using StockActors.Sinks.Compaction;

namespace StockActors.Sinks.Tests;

public class LakeAuditTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_lake_that_is_what_its_chains_say_is_clean_and_counted(bool compacted)
    {
        var lake = await WrittenAsync(compacted);

        var report = await AuditAsync(lake);

        Assert.True(report.IsClean, string.Join('\n', report.Findings));
        Assert.Equal(TickCounts.Of([.. lake.Log.Records.Where(r => r.Tick is not null).Select(r => r.Tick!.Value)]), report.Rows);
        Assert.Equal(1, report.Chains);
    }

    [Theory]
    [InlineData(false, FindingKind.Object, "missing")]
    [InlineData(true, FindingKind.Compaction, "rows")]
    public async Task An_object_that_is_missing_is_found(bool compacted, FindingKind kind, string what)
    {
        var lake = await WrittenAsync(compacted);
        var key = Keys(lake)[0];
        await lake.Store.DeleteAsync(key, default);
        var found = (await AuditAsync(lake)).Findings.First(finding => finding.Kind == kind);
        Assert.Contains(what, found.What, StringComparison.Ordinal);
        Assert.StartsWith(found.Key!, key, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_with_other_rows_one_that_no_chain_lists_and_a_lost_entry_are_found()
    {
        var lake = await WrittenAsync(compacted: false);
        var keys = Keys(lake);
        var content = (await lake.Store.GetAsync(keys[1], default))!.Content;
        await lake.Store.PutAsync(keys[0], content, default);
        await lake.Store.PutAsync(keys[0][..(keys[0].LastIndexOf('/') + 1)] + "stray.parquet", content, default);
        await lake.Store.DeleteAsync($"_log/{lake.Log.TopicId}/{TestLog.Lane}/{2:D20}.json", default);

        var kinds = (await AuditAsync(lake)).Findings.Select(finding => finding.Kind).ToHashSet();

        Assert.Superset(new HashSet<FindingKind> { FindingKind.Object, FindingKind.Stray, FindingKind.Chain }, kinds);
    }

    [Fact]
    public void Sequences_that_are_missing_or_twice_are_found_and_repeats_of_foreign_producers_are_told()
    {
        var ledger = new SequenceLedger();
        ledger.Add([("r", "A", 1), ("r", "A", 2), ("r", "A", 5), ("", "A", 3), ("", "A", 3)], TickFeed.Ticks);
        ledger.Add([("r", "A", 3), ("r", "B", 1), ("r", "B", 2)], TickFeed.Ticks);
        ledger.Add([("r", "B", 2)], TickFeed.Ticks);
        ledger.Add([("r", "B", 1), ("r", "B", 2), ("r", "B", 4)], TickFeed.Orders);
        var (faults, repeats) = ledger.Close();
        Assert.Equal(["run r, symbol A: sequences 4 to 4 are missing", "run r, symbol B: sequences 2 to 2 are there twice", "run r, symbol B: sequences of orders 3 to 3 are missing"], faults);
        Assert.Equal(1, repeats);
    }

    [Fact]
    public async Task What_the_log_has_and_the_lake_has_not_is_found()
    {
        var lake = await WrittenAsync(compacted: false);
        Task<long?> Records(string topicId, int lane, long first, long end) =>
            Task.FromResult<long?>(lake.Log.Records.Count(r => r.Offset >= first && r.Offset < end));
        Assert.True((await LakeAudit.RunAsync(lake.SeenBy(new Interception()), Records)).IsClean);
        Task<long?> More(string topicId, int lane, long first, long end) => Task.FromResult<long?>(first == lake.Log.Low ? 1000 : null);
        Assert.Equal(FindingKind.Log, Assert.Single((await LakeAudit.RunAsync(lake.SeenBy(new Interception()), More)).Findings).Kind);
    }

    private static async Task<LakeUnderTest> WrittenAsync(bool compacted)
    {
        // Random ticks have no whole sequences; foreign ones need none.
        var foreign = new RandomTicks(1).Log(200).Records.Select(r =>
        {
            if (r.Tick is not { } tick)
                return r;
            tick = tick with { Source = TickSource.External, Sequence = null, RunId = "" };
            return r with { Tick = tick, Value = RandomTicks.Encode(tick) };
        });
        var lake = new LakeUnderTest(new TestLog([.. foreign]));
        await lake.RunAsync(lake.Writer(), 1);
        if (compacted)
        {
            var compactor = new Compactor(lake.SeenBy(new Interception()), "compactor", new CompactionOptions { Grace = TimeSpan.Zero }, lake.Time);
            await compactor.RunAsync(await compactor.PartitionsAsync());
        }

        return lake;
    }

    private static Task<AuditReport> AuditAsync(LakeUnderTest lake) => LakeAudit.RunAsync(lake.SeenBy(new Interception()));

    /// <summary>The objects of the first epoch, or of compactions.</summary>
    private static List<string> Keys(LakeUnderTest lake) => [.. ((MemoryStore)lake.Store).Keys
        .Where(key => DataName.TryParse(key, out var name) ? name.First == lake.Log.Low : MovePlan.IsOutput(key)).Order(StringComparer.Ordinal)];
}
