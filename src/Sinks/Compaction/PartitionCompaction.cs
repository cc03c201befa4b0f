using StockActors.Sinks.Chain;
using StockActors.Sinks.Columns;

namespace StockActors.Sinks.Compaction;

/// <summary>
/// The steps of the commit protocol that rewrite one partition, once ever. Whoever dies on the way is finished by the next one, who takes the
/// same steps; two at once do the same.
/// </summary>
internal class PartitionCompaction(
    Lake lake, TablePartition partition, ChainWalks walks, CompactionOptions options, string claim, TimeProvider time)
{
    private readonly IRowFormat _rows = lake.NewRowFormat();

    public TablePartition Partition => partition;

    protected UntilKnown Known { get; } = new(options.RepeatAfter, time);

    /// <summary>Takes the first four steps as far as they are not taken.</summary>
    /// <exception cref="CompactionStoppedException">An input is missing or wrong.</exception>
    /// <exception cref="LaneStoppedException">A chain can't be read.</exception>
    public async Task<PartitionCompacted> RewriteAsync(CancellationToken cancellation)
    {
        if (await IsSwitchedAsync(cancellation))
            return Done();
        var plan = await PlanAsync(new MovePlan(partition.Table, partition.Path, NewLocation, options.RowsPerObject), cancellation);

        // The chains are listed after the plan was put: who opens one later finds it.
        var chains = await walks.ReadOnAsync(cancellation);
        foreach (var walk in chains)
        {
            if (await MoveAsync(walk, plan, cancellation) is { } reason)
                return new PartitionCompacted(partition, CompactionState.Waits, 0, 0, 0, reason);
        }

        var inputs = InputsOf(chains, plan).OrderBy(input => input.Object.Key, StringComparer.Ordinal).ToList();
        if (await ReadAsync(inputs, cancellation) is not { } contents)
            return Done();
        var outputs = 0;
        foreach (var output in _rows.Merge(partition.Table, contents, plan.RowsPerObject))
        {
            var key = plan.OutputKey(outputs++);
            if (!await new DataObjects(lake, _rows, Known).PutAsync(key, output, cancellation))
                throw new CompactionStoppedException(partition, $"{lake.Objects.AddressOf(key)} was deleted while it was being written.");
        }

        await SwitchAsync(plan, cancellation);
        return new PartitionCompacted(partition, CompactionState.Switched, inputs.Count, outputs, inputs.Sum(input => input.Object.Rows));
    }

    /// <summary>The last step: deletes what epochs had put into the location that the partition has left, and nothing else.</summary>
    /// <returns>How many objects there were.</returns>
    public async Task<int> DeleteAsync(CancellationToken cancellation)
    {
        var deleted = 0;
        foreach (var key in await LeftBehindAsync(cancellation))
        {
            await lake.Objects.DeleteAsync(key, cancellation);
            deleted++;
        }

        return deleted;
    }

    /// <summary>The objects of epochs that stand in the location that the partition has left.</summary>
    public async Task<IReadOnlyList<string>> LeftBehindAsync(CancellationToken cancellation)
    {
        var standing = await lake.Objects.ListAsync(partition.FirstLocation, cancellation).Select(listed => listed.Key).ToHashSetAsync(StringComparer.Ordinal, cancellation);
        if (standing.Count == 0)
            return [];
        var listed = (await walks.ReadOnAsync(cancellation)).SelectMany(walk => walk.ObjectsOf(partition)).Select(o => o.Key);
        return [.. listed.Where(standing.Contains)];
    }

    /// <summary>Step 1: puts the plan, or takes the one that stands.</summary>
    protected virtual Task<MovePlan> PlanAsync(MovePlan mine, CancellationToken cancellation) =>
        MovePlan.MakeAsync(lake.Objects, mine, Known, cancellation);

    /// <summary>Step 2: what the chain lists from the move on, it lists in the new location.</summary>
    /// <returns><c>null</c> once it has the move; else what it waits for.</returns>
    protected virtual async Task<string?> MoveAsync(ChainWalk walk, MovePlan plan, CancellationToken cancellation)
    {
        for (var isFinished = false; !walk.HasMoved(partition);)
        {
            var head = walk.Head!;
            if (!head.IsMoved && head.Base is EpochEntry newest && await UnfinishedAsync(newest, cancellation) is { } what)
            {
                await walk.ReadOnAsync(cancellation);
                if (walk.Head!.Last.N > head.Last.N)
                    continue;
                var why = "";
                if (!isFinished && options.Finisher is { } finisher && time.GetUtcNow() - newest.WrittenAt > options.FinishAfter)
                {
                    why = await finisher.FinishAsync(newest.Topic, walk.Chain.TopicId, newest.Lane, cancellation);
                    isFinished = why is null;
                    if (isFinished)
                        continue;
                }

                return Unfinished(newest, walk.Chain.TopicId, $"{what} {why}".TrimEnd());
            }

            await walk.Chain.ClaimAsync(
                new MoveEntry(
                    head.Last.N + 1, head.Last.Topic, head.Last.Lane, head.Last.End, head.Last.End, claim, time.GetUtcNow(),
                    partition.Table, partition.Path, plan.Location),
                Known,
                cancellation);
            await walk.ReadOnAsync(cancellation);
        }

        return null;
    }

    /// <summary>Step 3: what is rewritten. What a chain lists in the new location, before its move or behind it, stays there as it is.</summary>
    protected virtual IEnumerable<(ChainWalk Walk, ChainObject Object)> InputsOf(IReadOnlyList<ChainWalk> chains, MovePlan plan) =>
        from walk in chains
        from listed in walk.ObjectsOf(partition)
        where listed.Key.StartsWith(partition.FirstLocation, StringComparison.Ordinal) && !walk.IsLost(listed)
        select (walk, listed);

    /// <summary>Reads the inputs; <c>null</c> where one is missing because the partition was switched meanwhile.</summary>
    /// <exception cref="CompactionStoppedException">One is missing or wrong.</exception>
    protected virtual async Task<IReadOnlyList<byte[]>?> ReadAsync(
        IReadOnlyList<(ChainWalk Walk, ChainObject Object)> inputs, CancellationToken cancellation)
    {
        var objects = new DataObjects(lake, _rows, Known);
        var contents = new List<byte[]>(inputs.Count);
        foreach (var (walk, listed) in inputs)
        {
            var stored = await lake.Objects.GetAsync(listed.Key, cancellation);
            if (stored is not null && objects.IsRight(listed, stored.Content))
            {
                contents.Add(stored.Content);
                continue;
            }

            // Another compactor may have switched the partition and deleted its inputs since this one has looked.
            if (await IsSwitchedAsync(cancellation))
                return null;
            throw new CompactionStoppedException(
                partition,
                $"{lake.Objects.AddressOf(listed.Key)}, which the chain of lane {walk.Chain.Lane} (topic id {walk.Chain.TopicId}) lists, "
                + $"{(stored is null ? "is not there" : $"does not have the {listed.Rows} rows of checksum {listed.Checksum} that its entry says")}. "
                + "Restore it; the partition stays as it is until then.");
        }

        return contents;
    }

    /// <summary>Step 4: from here on readers of the catalogue see the outputs, and what came late.</summary>
    protected virtual Task SwitchAsync(MovePlan plan, CancellationToken cancellation) =>
        Known.DoAsync(() => lake.Catalogue.SwitchAsync(partition, plan.Location, cancellation), cancellation);

    /// <summary>Whether the partition has left its first location.</summary>
    protected virtual async Task<bool> IsSwitchedAsync(CancellationToken cancellation) =>
        await lake.Catalogue.LocationOfAsync(partition, cancellation) != partition.FirstLocation;

    private string NewLocation => $"compacted/{partition.FirstLocation}";

    private PartitionCompacted Done() => new(partition, CompactionState.Done, 0, 0, 0);

    private string Unfinished(EpochEntry epoch, string topicId, string what) =>
        $"entry {epoch.N} of lane {epoch.Lane} of {epoch.Topic} (topic id {topicId}), offsets {epoch.First} to {epoch.End}, claimed {epoch.WrittenAt:u}, is "
        + $"unfinished: {what} If its owner is gone, start an ingest of the topic; if the topic is gone, as that of an embedded broker that has ended, give up what is lost: "
        + $"'stockactors lane accept --topic {epoch.Topic} --topic-id {topicId} --lane {epoch.Lane} --lake {lake.Location}'.";

    private async Task<string?> UnfinishedAsync(EpochEntry epoch, CancellationToken cancellation)
    {
        var objects = new DataObjects(lake, _rows, Known);
        foreach (var listed in epoch.Objects)
        {
            if (await objects.InspectAsync(listed, cancellation) is not ObjectState.Right and var state)
                return $"{lake.Objects.AddressOf(listed.Key)} is {(state == ObjectState.Missing ? "not there" : "not what the entry says")}.";
            if (await lake.Catalogue.LocationOfAsync(listed.In(), cancellation) is null)
                return $"{listed.Table}/{listed.Partition} is not in the catalogue.";
        }

        return null;
    }
}
