using Confluent.Kafka;

namespace StockActors.Pipeline.Dsl;

/// <summary>What a consumer reads; made by <see cref="Subscriptions"/>.</summary>
public sealed class Subscription
{
    internal Subscription(IReadOnlyList<string> topics, IReadOnlyList<TopicPartitionOffset> partitions) => (Topics, Partitions) = (topics, partitions);

    /// <summary>Topics whose partitions the group shares out; empty where partitions are given.</summary>
    public IReadOnlyList<string> Topics { get; }

    /// <summary>Partitions that are read without a group, and from where each; empty where topics are given.</summary>
    public IReadOnlyList<TopicPartitionOffset> Partitions { get; }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Topics.Count > 0 ? Topics : [.. Partitions.Select(p => p.Topic).Distinct()]);
}
