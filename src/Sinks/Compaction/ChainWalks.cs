using StockActors.Sinks.Chain;

namespace StockActors.Sinks.Compaction;

/// <summary>All chains of a lake, each read on from where it was left.</summary>
internal sealed class ChainWalks(Lake lake)
{
    private readonly Dictionary<(string TopicId, int Lane), ChainWalk> _walks = [];

    /// <summary>Looks which chains there are now, and reads each to its head.</summary>
    public async Task<IReadOnlyList<ChainWalk>> ReadOnAsync(CancellationToken cancellation)
    {
        foreach (var chain in await LaneChain.ListAsync(lake.Objects, cancellation))
            _walks.TryAdd((chain.TopicId, chain.Lane), new ChainWalk(chain));
        var walks = _walks.OrderBy(walk => walk.Key.TopicId, StringComparer.Ordinal).ThenBy(walk => walk.Key.Lane)
            .Select(walk => walk.Value).ToList();
        foreach (var walk in walks)
            await walk.ReadOnAsync(cancellation);
        return [.. walks.Where(walk => walk.Head is not null)];
    }
}
