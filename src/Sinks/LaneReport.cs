namespace StockActors.Sinks;

/// <summary>How one chain of a topic stands.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="TopicId">Its id; a topic that was deleted and created again has another.</param>
/// <param name="Lane">The lane.</param>
/// <param name="Entries">How many entries the chain has.</param>
/// <param name="Head">What the newest is: <c>open</c>, <c>epoch</c>, <c>move</c> or <c>skip</c>.</param>
/// <param name="End">The offset behind the last that an entry stands for.</param>
/// <param name="CommittedEnd">Every record before this offset is a row or a dead letter, or was given up.</param>
/// <param name="WrittenBy">Who put the newest epoch, skip or opening.</param>
/// <param name="WrittenAt">When, by its clock.</param>
/// <param name="Log">What the log says of the lane; <c>null</c> where it was not asked or has no topic of this id.</param>
/// <param name="Stopped">Why it has stopped; <c>null</c> where it has not.</param>
public sealed record LaneReport(
    string Topic,
    string TopicId,
    int Lane,
    long Entries,
    string Head,
    long End,
    long CommittedEnd,
    string WrittenBy,
    DateTimeOffset WrittenAt,
    LogExtent? Log,
    LaneStopped? Stopped)
{
    /// <summary>How many offsets are in the log and not yet in the lake; <c>null</c> where the log is not known.</summary>
    public long? Lag => Log is { } log ? Math.Max(0, log.High - CommittedEnd) : null;
}
