using StockActors.Sinks.Chain;
using StockActors.Sinks.Columns;

namespace StockActors.Sinks;

/// <summary>What a lane says when it stops: what was found where, and what an operator can do.</summary>
internal sealed class LaneStops(string topic, int lane, string lake)
{
    public LaneStoppedException TopicRecreated(string was, string now, EpochBuffer epoch) => Stop(
        LaneStop.TopicRecreated,
        $"the topic's id was {was} and is {now} now; offsets {epoch.First} to {epoch.End} were read and are not claimed. "
        + $"If that is meant, {Accept}: the new topic gets a chain of its own.");

    public LaneStoppedException OpenedBefore(string was, LogExtent extent) => Stop(
        LaneStop.TopicRecreated,
        $"the lake has a chain of topic id {was} under this name, and the topic's id is {extent.TopicId} now, with offsets {extent.Low} to "
        + $"{extent.High}. If the topic was created again on purpose, {Accept}: it gets a chain of its own. Else check which cluster this is.");

    public LaneStoppedException OtherTopic(IChainEntry entry) => Stop(
        LaneStop.EntryUnreadable,
        $"entry {entry.N} of its chain is of topic {entry.Topic}. Two topics can't have one id: check which cluster the lake belongs to.");

    public LaneStoppedException StartsAboveChain(IChainEntry head, LogExtent extent) => Stop(
        LaneStop.LogStartsAboveChain,
        $"the log begins at offset {extent.Low}, the chain ends at {head.End} with entry {head.N}: the records between are in neither. "
        + $"Restore the log, or give them up: {Accept}.");

    public LaneStoppedException Truncated(long end, LogExtent extent) => Stop(
        LaneStop.LogTruncated,
        $"the log ends at offset {extent.High}, below {end}, up to where it was read before. "
        + $"Find out what the brokers lost. Once the log has come that far again, {Accept}.");

    public LaneStoppedException Replaced(EpochEntry entry) => Stop(
        LaneStop.LogTruncated,
        $"the log no longer has what was read up to offset {entry.End} in leader epoch {entry.LeaderEpoch} (entry {entry.N}): the brokers lost "
        + $"it, and other records stand there or will. Find out what they lost; to keep the old ones in the lake, {Accept}.");

    public LaneStoppedException Skipped(long found, long due) => Stop(
        LaneStop.LogSkipped,
        $"the log's reader came to offset {found} where {due} was due. "
        + $"Have it try again ({Command("resume")}); if it happens again, check the topic's retention.");

    public LaneStoppedException LacksObject(EpochEntry entry, LogExtent extent) =>
        Gone(LaneStop.LogStartsAboveEpoch, entry, "lacks an object", extent);

    public LaneStoppedException LacksDeadLetters(EpochEntry entry, LogExtent extent) =>
        Gone(LaneStop.LogStartsAboveEpoch, entry, "has dead letters that may not have been produced", extent);

    public LaneStoppedException HasWrongObject(EpochEntry entry, LogExtent extent) =>
        Gone(LaneStop.RowsDiffer, entry, "has an object with other rows than its entry says", extent);

    public LaneStoppedException OtherRows(EpochEntry entry, IReadOnlyCollection<EncodedRows> parts, int dead) => Stop(
        LaneStop.RowsDiffer,
        $"offsets {entry.First} to {entry.End} give {parts.Sum(part => part.Rows)} rows in {parts.Count} objects and {dead} dead letters, "
        + $"but entry {entry.N} says {entry.Objects.Sum(o => o.Rows)} in {entry.Objects.Count} and {entry.Dead}, or other rows. "
        + $"Finish the epoch with the build that claimed it, then {Command("resume")}.");

    private string Accept => Command("accept");

    private string Command(string verb) => $"'stockactors lane {verb} --topic {topic} --lane {lane} --lake {lake}'";

    private LaneStoppedException Gone(LaneStop reason, EpochEntry entry, string what, LogExtent extent) => Stop(
        reason,
        $"entry {entry.N} with offsets {entry.First} to {entry.End} {what}, and the log begins at {extent.Low}. "
        + $"Restore the log, or give up what is lost: {Accept}.");

    private LaneStoppedException Stop(LaneStop reason, string what) => new(reason, topic, lane, what);
}
