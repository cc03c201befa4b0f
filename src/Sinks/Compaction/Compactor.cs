using StockActors.Sinks.Chain;
using StockActors.Sinks.Columns;

namespace StockActors.Sinks.Compaction;

/// <summary>
/// Rewrites a lake's closed partitions, each once ever, as few large objects sorted by symbol and sequence, while writers and readers go on. Any
/// number may run at once, and each pass goes on where another ended.
/// </summary>
/// <param name="lake">The lake.</param>
/// <param name="node">This process's name, as the chain entries will bear it.</param>
/// <param name="options">What is compacted when; the defaults by default.</param>
/// <param name="time">The clock; the system's by default.</param>
public sealed class Compactor(Lake lake, string node, CompactionOptions? options = null, TimeProvider? time = null)
{
    private readonly CompactionOptions _options = options ?? new CompactionOptions();
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly string _claim = $"{node}/{Guid.NewGuid():N}";
    private readonly ChainWalks _walks = new(lake);

    internal delegate PartitionCompaction Steps(
        Lake lake, TablePartition partition, ChainWalks walks, CompactionOptions options, string claim, TimeProvider time);

    internal Steps NewSteps { get; init; } =
        (lake, partition, walks, options, claim, time) => new PartitionCompaction(lake, partition, walks, options, claim, time);

    /// <summary>All partitions, by table and path.</summary>
    /// <exception cref="LakeException">The catalogue can't be read.</exception>
    public async Task<IReadOnlyList<TablePartition>> PartitionsAsync(CancellationToken cancellation = default)
    {
        var all = new List<TablePartition>();
        foreach (var table in PartitionSlot.Tables)
        {
            await foreach (var (partition, _) in lake.Catalogue.ListAsync(table, cancellation))
                all.Add(partition);
        }

        return [.. all.OrderBy(partition => partition.ToString(), StringComparer.Ordinal)];
    }

    /// <summary>The partitions that are to be compacted by themselves: closed, or begun, and lying in more than one object.</summary>
    /// <exception cref="LakeException">A part of the lake can't be read.</exception>
    /// <exception cref="LaneStoppedException">A chain can't be read.</exception>
    public async Task<IReadOnlyList<TablePartition>> FindAsync(CancellationToken cancellation = default)
    {
        var planned = await MovePlan.ListAsync(lake.Objects, cancellation);
        var chains = await _walks.ReadOnAsync(cancellation);
        var found = new List<TablePartition>();
        foreach (var table in PartitionSlot.Tables)
        {
            await foreach (var (partition, location) in lake.Catalogue.ListAsync(table, cancellation))
            {
                if (location == partition.FirstLocation && (planned.Contains(partition) || IsClosed(partition, chains)))
                    found.Add(partition);
            }
        }

        return [.. found.OrderBy(partition => partition.Table, StringComparer.Ordinal).ThenBy(partition => partition.Path, StringComparer.Ordinal)];
    }

    /// <summary>
    /// Compacts partitions, waits for the grace where one was switched or has objects left behind, and deletes those.
    /// </summary>
    /// <param name="partitions">Which ones; each must be in the catalogue.</param>
    /// <param name="progress">Told of each partition when it is done with.</param>
    /// <param name="leaveBehind">Whether a later pass is to delete what is replaced: then there is nothing to wait for.</param>
    /// <param name="cancellation">Gives up; the next pass goes on from there.</param>
    /// <returns>How many objects were deleted.</returns>
    /// <exception cref="CompactionStoppedException">An object that a chain lists is missing or wrong. The partitions before it are done.</exception>
    /// <exception cref="LakeException">A part of the lake can't be read or written.</exception>
    /// <exception cref="LaneStoppedException">A chain can't be read.</exception>
    public async Task<int> RunAsync(
        IReadOnlyList<TablePartition> partitions, IProgress<PartitionCompacted>? progress = null, bool leaveBehind = false,
        CancellationToken cancellation = default)
    {
        var left = new List<(PartitionCompaction Steps, long SeenAt)>();
        foreach (var partition in partitions)
        {
            var steps = NewSteps(lake, partition, _walks, _options, _claim, _time);
            var done = await steps.RewriteAsync(cancellation);
            SinksMetrics.Compacted(done);
            progress?.Report(done);
            if (!leaveBehind && done.State != CompactionState.Waits && (await steps.LeftBehindAsync(cancellation)).Count > 0)
                left.Add((steps, _time.GetTimestamp()));
        }

        var deleted = 0;
        foreach (var (steps, seenAt) in left)
        {
            if (_options.Grace - _time.GetElapsedTime(seenAt) is var wait && wait > TimeSpan.Zero)
                await Task.Delay(wait, _time, cancellation);
            var gone = await steps.DeleteAsync(cancellation);
            SinksMetrics.Deleted(steps.Partition, gone);
            deleted += gone;
        }

        return deleted;
    }

    /// <summary>The partitions that were switched before and have objects left behind.</summary>
    public async Task<IReadOnlyList<TablePartition>> FindLeftBehindAsync(CancellationToken cancellation = default)
    {
        var found = new List<TablePartition>();
        foreach (var partition in await MovePlan.ListAsync(lake.Objects, cancellation))
        {
            if (await lake.Catalogue.LocationOfAsync(partition, cancellation) is { } location && location != partition.FirstLocation
                && (await NewSteps(lake, partition, _walks, _options, _claim, _time).LeftBehindAsync(cancellation)).Count > 0)
                found.Add(partition);
        }

        return found;
    }

    private bool IsClosed(TablePartition partition, IReadOnlyList<ChainWalk> chains)
    {
        var quietSince = _time.GetUtcNow() - _options.QuietFor;
        return partition.EndsAt <= quietSince
            && chains.All(walk => !(walk.LastWrittenTo(partition) > quietSince))
            && chains.Sum(walk => walk.ObjectsOf(partition).Count) > 1;
    }
}
