using Confluent.Kafka;

namespace StockActors.Pipeline.Dsl;

/// <summary>What a consumer may read.</summary>
public static class Subscriptions
{
    /// <summary>Topics: the group assigns each of its members a share of their partitions.</summary>
    /// <exception cref="ArgumentException">None is named.</exception>
    public static Subscription Topics(params string[] topics) => topics.Length > 0
        ? new Subscription([.. topics], [])
        : throw new ArgumentException("A consumer subscribes to one topic or more.", nameof(topics));

    /// <summary>Given partitions, each from a given offset on, without a group.</summary>
    /// <exception cref="ArgumentException">None is given.</exception>
    public static Subscription AssignmentWithOffset(params TopicPartitionOffset[] partitions) => partitions.Length > 0
        ? new Subscription([], [.. partitions])
        : throw new ArgumentException("A consumer reads one partition or more.", nameof(partitions));
}
