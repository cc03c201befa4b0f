namespace StockActors.Pipeline;

/// <summary>Another publisher has taken over the lane of this run: this one publishes nothing more.</summary>
public sealed class LaneFencedException : LogException
{
    /// <summary>Makes the error.</summary>
    public LaneFencedException(string topic, int lane, Exception cause)
        : base($"Lane {lane} of {topic} was taken over by another publisher of the same prefix; this one has stopped and publishes nothing more. Runs that publish to a topic at the same time need a --prefix each.", cause)
    {
    }
}
