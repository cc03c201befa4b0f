namespace StockActors.Sinks.Compaction;

/// <summary>Finishes the newest epoch of a lane in its dead owner's place, which needs the log.</summary>
public interface IEpochFinisher
{
    /// <summary>Finishes it where it is not, and claims nothing. Where its owner lives after all, both do the same.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="topicId">Its id, as the chain has it.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Why it can't be finished; <c>null</c> where it is.</returns>
    Task<string?> FinishAsync(string topic, string topicId, int lane, CancellationToken cancellation);
}
