using StockActors.Sinks.Chain;
using StockActors.Sinks.Columns;
using StockActors.Sinks.Storage;

namespace StockActors.Sinks;

/// <summary>
/// What the lake holds at one moment, whole epochs only, while writers go on: an epoch of which an object is missing is not in it, nor is
/// any of its objects.
/// </summary>
/// <param name="Objects">The data objects, by table, partition and path.</param>
/// <param name="Ends">How far each lane is, by topic id and lane; of every topic that ever was.</param>
public sealed record LakeSnapshot(IReadOnlyList<CommittedObject> Objects, IReadOnlyList<LaneEnd> Ends)
{
    /// <summary>Every table a lake has; one may be without objects.</summary>
    public static IReadOnlyList<string> Tables => PartitionSlot.Tables;

    /// <summary>Looks at the lake.</summary>
    /// <exception cref="LakeException">A part of the lake can't be read.</exception>
    /// <exception cref="LaneStoppedException">A chain can't be read by this build.</exception>
    public static async Task<LakeSnapshot> ReadAsync(Lake lake, CancellationToken cancellation = default)
    {
        var before = await CatalogueAsync(lake, cancellation);
        while (true)
        {
            var ends = await EndsAsync(lake, cancellation);
            var after = await CatalogueAsync(lake, cancellation);

            // A partition that is switched in between would be looked for in the wrong place, with ends that count on the right one.
            if (after.SequenceEqual(before))
                return new LakeSnapshot(await ObjectsAsync(lake, after, ends, cancellation), ends);
            before = after;
        }
    }

    private static async Task<List<PartitionLocation>> CatalogueAsync(Lake lake, CancellationToken cancellation)
    {
        var partitions = new List<PartitionLocation>();
        foreach (var table in Tables)
        {
            await foreach (var partition in lake.Catalogue.ListAsync(table, cancellation))
                partitions.Add(partition);
        }

        return
        [
            .. partitions.OrderBy(p => p.Partition.Table, StringComparer.Ordinal).ThenBy(p => p.Partition.Path, StringComparer.Ordinal),
        ];
    }

    private static async Task<List<LaneEnd>> EndsAsync(Lake lake, CancellationToken cancellation)
    {
        var ends = new List<LaneEnd>();
        foreach (var chain in await LaneChain.ListAsync(lake.Objects, cancellation))
        {
            if (await chain.HeadAsync(cancellation) is not { } head)
                continue;
            var isFinished = head.IsMoved || head.Base is not EpochEntry epoch || await IsFinishedAsync(lake, epoch, cancellation);
            ends.Add(new LaneEnd(head.Base.Topic, chain.TopicId, chain.Lane, isFinished ? head.Base.End : head.Base.First));
        }

        return [.. ends.OrderBy(end => end.TopicId, StringComparer.Ordinal).ThenBy(end => end.Lane)];
    }

    internal static async Task<bool> IsFinishedAsync(Lake lake, EpochEntry epoch, CancellationToken cancellation)
    {
        foreach (var described in epoch.Objects)
        {
            if (!await lake.Objects.ExistsAsync(described.Key, cancellation)
                || await lake.Catalogue.LocationOfAsync(described.In(), cancellation) is null)
                return false;
        }

        return true;
    }

    private static async Task<List<CommittedObject>> ObjectsAsync(
        Lake lake, List<PartitionLocation> partitions, List<LaneEnd> ends, CancellationToken cancellation)
    {
        var endOf = ends.ToDictionary(end => (end.TopicId, end.Lane), end => end.End);
        var lost = await LaneChain.LostAsync(lake.Objects, cancellation);
        var objects = new List<CommittedObject>();
        foreach (var (partition, location) in partitions)
        {
            await foreach (var (key, bytes) in lake.Objects.ListAsync(location, cancellation))
            {
                if (MovePlan.IsOutput(key)
                    || (DataName.TryParse(key, out var name) && endOf.TryGetValue((name.TopicId, name.Lane), out var end) && name.End <= end
                        && !lost.Contains(key)))
                    objects.Add(new CommittedObject(partition, lake.Objects.AddressOf(key)) { Key = key, Bytes = bytes });
            }
        }

        return
        [
            .. objects.OrderBy(o => o.Partition.Table, StringComparer.Ordinal).ThenBy(o => o.Partition.Path, StringComparer.Ordinal)
                .ThenBy(o => o.Path, StringComparer.Ordinal),
        ];
    }
}
