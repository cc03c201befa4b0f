using StockActors.Sinks.Chain;

namespace StockActors.Sinks;

/// <summary>
/// Makes a lake's catalogue again from its chains, which name every partition there is. What stands already is left as it is, so that it may be run at any
/// time, again, and while others write.
/// </summary>
/// <param name="lake">The lake; where it was opened with a database, its tables are made there, and it is the lake's database from then on.</param>
public sealed class CatalogueRebuild(Lake lake)
{
    private const int ReadsAtOnce = 16;
    private const int PartitionsAtOnce = 1_000;

    private readonly HashSet<TablePartition> _named = [];
    private readonly List<ChainObject> _inputs = [];
    private readonly HashSet<string> _lost = new(StringComparer.Ordinal);
    private long _entries;
    private int _found;
    private int _registered;

    /// <summary>Chain entries read so far.</summary>
    public long Entries => Interlocked.Read(ref _entries);

    /// <summary>Partitions found in them so far.</summary>
    public int Found => Volatile.Read(ref _found);

    /// <summary>Partitions that were missing in the catalogue and have been made so far.</summary>
    public int Registered => Volatile.Read(ref _registered);

    /// <summary>Does it.</summary>
    /// <returns>How many chains there are.</returns>
    /// <exception cref="LakeException">There is no lake, or it or its catalogue can't be reached.</exception>
    /// <exception cref="LaneStoppedException">A chain can't be read by this build.</exception>
    public async Task<int> RunAsync(CancellationToken cancellation = default)
    {
        var chains = await LaneChain.ListAsync(lake.Objects, cancellation);
        if (chains.Count == 0)
            throw new LakeException($"There is no lake at {lake.Location}: it has no chains. Name one with --lake.");
        var planned = await MovePlan.ListAsync(lake.Objects, cancellation);
        foreach (var chain in chains)
            await ReadAsync(chain, planned, cancellation);

        await lake.Catalogue.RestoreAsync(cancellation);
        var missing = _named.ToHashSet();
        foreach (var table in LakeSnapshot.Tables)
        {
            await foreach (var there in lake.Catalogue.ListAsync(table, cancellation))
                missing.Remove(there.Partition);
        }

        foreach (var some in missing.OrderBy(p => p.Table, StringComparer.Ordinal).ThenBy(p => p.Path, StringComparer.Ordinal).Chunk(PartitionsAtOnce))
        {
            await lake.Catalogue.EnsurePartitionsAsync(some, cancellation);
            foreach (var partition in some.Where(planned.Contains))
                await SwitchIfCompactedAsync(partition, cancellation);
            Interlocked.Add(ref _registered, some.Length);
        }

        return chains.Count;
    }

    private async Task ReadAsync(LaneChain chain, IReadOnlySet<TablePartition> planned, CancellationToken cancellation)
    {
        if (await chain.HeadAsync(cancellation) is not { } head)
            return;
        var limits = new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellation };
        await Parallel.ForAsync(0, head.Last.N + 1, limits, async (n, token) =>
        {
            var entry = await chain.ReadAsync(n, token);
            lock (_named)
                Take(entry, planned);
            Interlocked.Increment(ref _entries);
        });
    }

    private void Take(IChainEntry? entry, IReadOnlySet<TablePartition> planned)
    {
        if (entry is EpochEntry epoch)
        {
            _named.UnionWith(epoch.Objects.Select(o => o.In()));
            _found = _named.Count;
            _inputs.AddRange(epoch.Objects.Where(o => planned.Contains(o.In()) && o.Key.StartsWith(o.In().FirstLocation, StringComparison.Ordinal)));
        }
        else if (entry is SkipEntry skip)
        {
            _lost.UnionWith(skip.Lost);
        }
    }

    // The outputs stand whole or not at all, and all of them before the switch. Where they do, so do the moves, and the inputs may be gone.
    private async Task SwitchIfCompactedAsync(TablePartition partition, CancellationToken cancellation)
    {
        var plan = (await MovePlan.FindAsync(lake.Objects, partition, cancellation))!;
        var rows = _inputs.Where(o => o.In() == partition && !_lost.Contains(o.Key)).Sum(o => o.Rows);
        var outputs = (int)((rows + plan.RowsPerObject - 1) / plan.RowsPerObject);
        for (var index = 0; index < outputs; index++)
        {
            if (!await lake.Objects.ExistsAsync(plan.OutputKey(index), cancellation))
                return;
        }

        if (outputs > 0)
            await lake.Catalogue.SwitchAsync(partition, plan.Location, cancellation);
    }
}
