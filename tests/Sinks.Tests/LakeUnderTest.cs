using StockActors.Sinks.Chain;
using StockActors.Sinks.Storage;

namespace StockActors.Sinks.Tests;

/// <summary>A lake and a log that outlive the processes that write and read them, and what must hold of them at all times.</summary>
internal sealed class LakeUnderTest(TestLog log, IObjectStore? store = null)
{
    public IObjectStore Store { get; } = store ?? new MemoryStore();

    public TestLog Log => log;

    public ManualTime Time { get; } = new(RandomTicks.Now);

    public Lake SeenBy(Interception interception)
    {
        var seen = new InterceptedStore(Store, interception);
        return new Lake("test", seen, new DirectoryCatalogue(seen));
    }

    public LaneWriter Writer(Interception? interception = null, string node = "node", LaneOptions? options = null, LaneBudget? budget = null)
    {
        var seen = interception ?? new Interception();
        var prompt = (options ?? new LaneOptions()) with { RepeatAfter = TimeSpan.Zero, ConcurrentPuts = 1 };
        return new LaneWriter(SeenBy(seen), log.SeenBy(seen), TestLog.Topic, TestLog.Lane, node, prompt, Time, budget);
    }

    /// <summary>Recovers the lane and writes all of the log, with batches and cuts of the seed's choosing.</summary>
    public async Task RunAsync(LaneWriter writer, int seed)
    {
        var random = new Random(seed);
        var position = (await writer.RecoverAsync()).Offset;
        while (position < log.High)
        {
            using (var batch = log.Poll(position, 1 + random.Next(12)))
            {
                writer.Add(batch);
                position = batch.NextOffset;
            }

            if (writer.IsFull || random.Next(3) == 0)
                await writer.FlushAsync();
        }

        while (!writer.IsIdle)
            Assert.NotNull(await writer.FlushAsync());
    }

    /// <summary>What readers see is, whatever else lies about, the rows of the records before the lane's end, each once.</summary>
    /// <param name="kept">Which records were not given up; all by default.</param>
    public async Task<long> CheckReadersAsync(Func<TestRecord, bool>? kept = null)
    {
        var snapshot = await LakeSnapshot.ReadAsync(new Lake("test", Store, new DirectoryCatalogue(Store)));
        var end = snapshot.Ends.Count == 0 ? 0 : Assert.Single(snapshot.Ends).End;
        var rows = new List<string>();
        foreach (var file in snapshot.Objects)
            rows.AddRange(LakeRows.In(file, (await Store.GetAsync(KeyOf(file), default))!.Content));
        var expected = log.Records.Where(r => r.Offset < end && r.Tick is not null && kept?.Invoke(r) != false).Select(r => LakeRows.Expected(r.Tick!.Value));
        Assert.Equal(expected.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
        return end;
    }

    /// <summary>All of the log is in the lake, each record once, as a row or as a dead letter.</summary>
    public async Task CheckCompleteAsync()
    {
        Assert.True(await CheckReadersAsync() > log.Records[^1].Offset);
        var dead = log.Records.Where(r => r.Tick is null).Select(r => r.Offset);
        Assert.Equal(dead, log.DeadLetters.Select(letter => letter.Offset).Distinct().Order());
        Assert.All(log.DeadLetters, letter => Assert.Equal(log.Records.Single(r => r.Offset == letter.Offset).Value, letter.Value));
        await CheckChainAsync();
    }

    /// <summary>Entries tile the offsets, and every object is an entry's.</summary>
    private async Task CheckChainAsync()
    {
        var chain = new LaneChain(Store, log.TopicId, TestLog.Lane);
        var listed = new HashSet<string>();
        var end = (await chain.ReadAsync(0, default))!.End;
        for (var n = 1; await chain.ReadAsync(n, default) is EpochEntry entry; n++)
        {
            Assert.Equal(end, entry.First);
            end = entry.End;
            listed.UnionWith(entry.Objects.Select(o => o.Key));
        }

        Assert.Equal(end, log.Committed);
        var objects = new List<string>();
        foreach (var table in LakeSnapshot.Tables)
            objects.AddRange(await Store.ListAsync(table + "/", default).Select(listed => listed.Key).ToListAsync());
        Assert.Equal(listed.Order(StringComparer.Ordinal), objects.Order(StringComparer.Ordinal));
    }

    private string KeyOf(CommittedObject file) =>
        Store is DirectoryStore ? Path.GetRelativePath(Store.AddressOf(""), file.Path) : file.Path;
}
