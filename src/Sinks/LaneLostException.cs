namespace StockActors.Sinks;

/// <summary>
/// Another writer has claimed the lane's next epoch. Nothing is lost or twice: begin again with a new <see cref="LaneWriter"/>, if the lane
/// is still assigned here.
/// </summary>
/// <param name="topic">The topic.</param>
/// <param name="lane">The lane.</param>
/// <param name="entry">The number of the chain entry that the other has.</param>
/// <param name="winner">The other's claim: its node, and what is fresh per assignment.</param>
public sealed class LaneLostException(string topic, int lane, long entry, string winner)
    : Exception($"Lane {lane} of {topic} is lost: entry {entry} of its chain is {winner}'s. "
        + "Recover the lane anew if it is still assigned here.")
{
    /// <summary>The topic.</summary>
    public string Topic { get; } = topic;

    /// <summary>The lane.</summary>
    public int Lane { get; } = lane;

    /// <summary>The number of the chain entry that the other has.</summary>
    public long Entry { get; } = entry;

    /// <summary>The other's claim.</summary>
    public string Winner { get; } = winner;
}
