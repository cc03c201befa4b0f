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
        var named = new HashSet<TablePartition>();
        foreach (var chain in chains)
            await ReadAsync(chain, named, cancellation);

        await lake.Catalogue.RestoreAsync(cancellation);
        foreach (var table in LakeSnapshot.Tables)
        {
            await foreach (var there in lake.Catalogue.ListAsync(table, cancellation))
                named.Remove(there.Partition);
        }

        foreach (var some in named.OrderBy(p => p.Table, StringComparer.Ordinal).ThenBy(p => p.Path, StringComparer.Ordinal).Chunk(PartitionsAtOnce))
        {
            await lake.Catalogue.EnsurePartitionsAsync(some, cancellation);
            Interlocked.Add(ref _registered, some.Length);
        }

        return chains.Count;
    }

    private async Task ReadAsync(LaneChain chain, HashSet<TablePartition> named, CancellationToken cancellation)
    {
        if (await chain.HeadAsync(cancellation) is not { } head)
            return;
        var limits = new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellation };
        await Parallel.ForAsync(0, head.N + 1, limits, async (n, token) =>
        {
            if (await chain.ReadAsync(n, token) is EpochEntry epoch)
            {
                lock (named)
                {
                    named.UnionWith(epoch.Objects.Select(o => o.In()));
                    _found = named.Count;
                }
            }

            Interlocked.Increment(ref _entries);
        });
    }
}
