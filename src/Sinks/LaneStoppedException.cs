namespace StockActors.Sinks;

/// <summary>The lane can't go on without an operator's decision; going on by itself would lose records or have some twice.</summary>
/// <param name="reason">Why.</param>
/// <param name="topic">The topic, or its id where the name is not known.</param>
/// <param name="lane">The lane.</param>
/// <param name="what">What was found, with its offsets and keys, and what an operator can do.</param>
/// <param name="cause">What was caught, if anything.</param>
public sealed class LaneStoppedException(LaneStop reason, string topic, int lane, string what, Exception? cause = null)
    : Exception($"Lane {lane} of {topic} stops ({reason}): {what}", cause)
{
    /// <summary>Why.</summary>
    public LaneStop Reason { get; } = reason;

    /// <summary>The topic, or its id where the name is not known.</summary>
    public string Topic { get; } = topic;

    /// <summary>The lane.</summary>
    public int Lane { get; } = lane;
}
