using StockActors.Market;
using StockActors.Sinks.Chain;

namespace StockActors.Sinks;

/// <summary>What an operator sees and decides of a lake's lanes.</summary>
/// <param name="lake">The lake.</param>
/// <param name="topic">The topic.</param>
/// <param name="node">This process's name, as chain entries will bear it.</param>
/// <param name="time">The clock; the system's by default.</param>
public sealed class LaneControl(Lake lake, string topic, string node, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Leaves word that a lane has stopped.</summary>
    public Task NoteAsync(string topicId, LaneStoppedException stopped, CancellationToken cancellation = default)
    {
        SinksMetrics.Stopped(stopped);
        return new LaneChain(lake.Objects, topicId, stopped.Lane)
            .NoteStopAsync(new LaneStopped(topic, stopped.Reason, stopped.Message, _time.GetUtcNow(), node), cancellation);
    }

    /// <summary>Whether word stands that a lane has stopped.</summary>
    public async Task<bool> IsNotedAsync(string topicId, int lane, CancellationToken cancellation = default) =>
        await new LaneChain(lake.Objects, topicId, lane).ReadStopAsync(cancellation) is not null;

    /// <summary>Has a stopped lane tried again: its owner, which looks every few seconds, recovers it anew.</summary>
    /// <returns>The stop that is over; <c>null</c> where the lane was not stopped.</returns>
    public async Task<LaneStopped?> ResumeAsync(string topicId, int lane, CancellationToken cancellation = default)
    {
        var chain = new LaneChain(lake.Objects, topicId, lane);
        var stopped = await chain.ReadStopAsync(cancellation);
        if (stopped is not null)
            await chain.ClearStopAsync(cancellation);
        return stopped;
    }

    /// <summary>The topic's chains in the lake, those of earlier topics of the name too, by id and lane.</summary>
    /// <param name="log">What the log says of a lane; asked for every lane of a chain whose topic id it has.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="LakeException">The lake can't be read.</exception>
    public async Task<IReadOnlyList<LaneReport>> ShowAsync(Func<int, Task<LogExtent?>> log, CancellationToken cancellation = default)
    {
        var reports = new List<LaneReport>();
        foreach (var chain in await LaneChain.ListAsync(lake.Objects, cancellation))
        {
            var (head, stopped) = await LookAsync(chain, cancellation);
            if ((head?.Base.Topic ?? stopped?.Topic) != topic)
                continue;
            var extent = await log(chain.Lane);
            var isWhole = head is null || head.IsMoved || head.Base is not EpochEntry epoch || await LakeSnapshot.IsFinishedAsync(lake, epoch, cancellation);
            reports.Add(new LaneReport(
                topic, chain.TopicId, chain.Lane, head?.Last.N + 1 ?? 0, head?.Last.Kind ?? "none", head?.Base.End ?? 0,
                (isWhole ? head?.Base.End : head?.Base.First) ?? 0, head?.Base.Claim ?? "", head?.Base.WrittenAt ?? stopped!.At,
                extent?.TopicId == chain.TopicId ? extent : null, stopped));
        }

        return [.. reports.OrderBy(report => report.TopicId, StringComparer.Ordinal).ThenBy(report => report.Lane)];
    }

    /// <summary>
    /// Puts what an operator has decided into a lane's chain: that what the log no longer has is given up, or that a topic that was created
    /// again begins a chain of its own. What the lane had stopped for is over then.
    /// </summary>
    /// <param name="log">The lane's log; <c>null</c> where it is gone for good.</param>
    /// <param name="topicId">The topic's id.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What was accepted; <c>null</c> where there was nothing that stops the lane.</returns>
    /// <exception cref="LaneStoppedException">The lane stops for something that can't be accepted; it says what else to do.</exception>
    public async Task<LaneAcceptance?> AcceptAsync(ILaneLog? log, string topicId, int lane, CancellationToken cancellation = default)
    {
        var known = new UntilKnown(new LaneOptions().RepeatAfter, _time);
        var claim = $"{node}/{Guid.NewGuid():N}";
        var chain = new LaneChain(lake.Objects, topicId, lane);
        var objects = new DataObjects(lake, lake.NewRowFormat(), known);
        while (true)
        {
            // As in a recovery, only what the log says after the head was read counts: both may have gone on.
            var head = await chain.HeadAsync(cancellation);
            LogExtent? extent = log is null ? null : await log.ExtentAsync(cancellation);
            if (extent is { } found && found.TopicId != topicId)
                throw new LakeException($"The id of topic {topic} was {topicId} and is {found.TopicId} now: it was created again meanwhile. Look at the lane again.");
            IChainEntry mine;
            string what;
            if (head is null)
            {
                var low = extent?.Low ?? throw new LakeException($"Lane {lane} of topic id {topicId} has no chain in {lake.Location}: there is nothing to accept.");
                mine = new OpenEntry(0, topic, lane, low, low, claim, _time.GetUtcNow());
                what = $"the topic of id {topicId} begins a chain of its own";
            }
            else if (await GivenUpAsync(head, extent, log, objects, known, cancellation) is { } up)
            {
                mine = new SkipEntry(head.Last.N + 1, topic, lane, head.Last.End, up.End, claim, _time.GetUtcNow(), up.What, up.Lost);
                what = up.What;
                if (up.Lost.Count > 0)
                    await chain.NoteLossAsync(mine.N, known, cancellation);
            }
            else
            {
                await chain.ClearStopAsync(cancellation);
                return null;
            }

            // Where somebody else has the number, what was amiss may be made good: it is looked at anew.
            if (!ReferenceEquals(await chain.ClaimAsync(mine, known, cancellation), mine))
                continue;
            await chain.ClearStopAsync(cancellation);
            return new LaneAcceptance(lane, mine.N, what, mine.End);
        }
    }

    private async Task<(long End, string What, IReadOnlyList<string> Lost)?> GivenUpAsync(
        ChainHead head, LogExtent? extent, ILaneLog? log, DataObjects objects, UntilKnown known, CancellationToken cancellation)
    {
        var end = head.Last.End;
        var lost = new List<string>();
        var given = new List<string>();
        if (!head.IsMoved && head.Base is EpochEntry epoch && (extent is null || extent.Value.Low > epoch.First))
        {
            // Rule 3 before the epoch is left behind.
            foreach (var listed in epoch.Objects)
            {
                await known.DoAsync(() => lake.Catalogue.EnsurePartitionAsync(listed.In(), cancellation), cancellation);
                if (await objects.InspectAsync(listed, cancellation) != ObjectState.Right)
                    lost.Add(listed.Key);
            }

            if (lost.Count > 0)
                given.Add($"{epoch.Objects.Where(o => lost.Contains(o.Key)).Sum(o => o.Rows)} rows of offsets {epoch.First} to {epoch.End} in {string.Join(", ", lost)}");
        }

        if (head.Base is EpochEntry { Dead: > 0 } unsaid && (extent is null || extent.Value.Low > unsaid.First) && await IsStoppedAsync(head, extent, cancellation))
            given.Add($"dead letters of offsets {unsaid.First} to {unsaid.End} that may not have been produced ({unsaid.Dead} at most)");
        if (extent is not { } there)
            return given.Count > 0 ? (end, string.Join("; ", given), lost) : null;
        if (there.High < end)
        {
            throw new LaneStoppedException(
                LaneStop.LogTruncated,
                topic,
                head.Last.Lane,
                $"the log ends at offset {there.High}, and records up to {end} are in the lake: what is produced up to there would be taken for "
                + "them. This can't be accepted. Produce up to there first, or create the topic anew and accept that.");
        }

        if (there.Low > end)
            given.Add($"offsets {end} to {there.Low}, which the log no longer has");
        else if (head.Base is EpochEntry { LeaderEpoch: >= 0 } read && !await log!.HoldsAsync(new LaneOffset(topic, read.Lane, read.End), read.LeaderEpoch, cancellation))
            given.Add($"what the log has below offset {end} in place of what the lake has");
        return given.Count > 0 ? (Math.Max(end, there.Low), string.Join("; ", given), lost) : null;
    }

    // Dead letters can't be told from those that were produced: they are given up where the lane has said that it stops for them.
    private async Task<bool> IsStoppedAsync(ChainHead head, LogExtent? extent, CancellationToken cancellation) =>
        extent is null || await new LaneChain(lake.Objects, extent.Value.TopicId, head.Last.Lane).ReadStopAsync(cancellation) is not null;

    /// <summary>A chain's head, and why its lane has stopped; one that can't be read is as good as stopped.</summary>
    private async Task<(ChainHead? Head, LaneStopped? Stopped)> LookAsync(LaneChain chain, CancellationToken cancellation)
    {
        var noted = await chain.ReadStopAsync(cancellation);
        try
        {
            return (await chain.HeadAsync(cancellation), noted);
        }
        catch (LaneStoppedException e)
        {
            return (null, noted ?? new LaneStopped(topic, e.Reason, e.Message, _time.GetUtcNow(), node));
        }
    }
}
