using Confluent.Kafka;

namespace StockActors.Pipeline.Dsl;

/// <summary>A running consumer, as its source's materialized value.</summary>
public interface IControl
{
    /// <summary>Done when the consumer has left its group and is closed.</summary>
    Task IsShutdown { get; }

    /// <summary>What is known of each partition that it has now.</summary>
    IReadOnlyList<PartitionMetrics> Metrics { get; }

    /// <summary>
    /// Reads no more: the sources complete after what they have. The consumer stays a member of its group, so that the rest can be committed, until
    /// <see cref="Shutdown"/>, or <see cref="Settings.ConsumerSettings.StopTimeout"/> where nobody calls that.
    /// </summary>
    void Stop();

    /// <summary>
    /// Reads no more, and leaves the group: what was taken and not yet pushed is dropped; what is in flight is waited for and committed as at a
    /// revocation.
    /// </summary>
    Task Shutdown();

    /// <summary>Stops, waits for the stream to have done and committed all that it was given, and shuts down.</summary>
    /// <param name="streamCompletion">The stream's end, such as a committing sink's task.</param>
    /// <returns>What the stream's end gave.</returns>
    Task<TResult> DrainAndShutdown<TResult>(Task<TResult> streamCompletion);

    /// <summary>Commits an offset to the group: for streams that keep their own account of what is done.</summary>
    /// <param name="next">The partition, and the offset that is to be read next.</param>
    /// <param name="cancel">Gives up waiting.</param>
    /// <returns>Whether the group took it: a partition that was revoked is no longer this member's to commit.</returns>
    /// <exception cref="LogException">The group's coordinator could not be asked.</exception>
    Task<bool> CommitAsync(TopicPartitionOffset next, CancellationToken cancel);
}
