using Confluent.Kafka;
using StockActors.Pipeline.Consuming;

namespace StockActors.Pipeline.Messages;

/// <summary>
/// How far a partition is done when what it came with is done. Given to a <see cref="Dsl.Committer"/> it says so, of its own record and of all before
/// it: a stream keeps the order of each partition (<c>SelectAsync</c>, not <c>SelectAsyncUnordered</c>), and may leave records out.
/// </summary>
public sealed class CommittableOffset : ICommittable
{
    internal CommittableOffset(PartitionLedger ledger, long next) => (Ledger, Next) = (ledger, next);

    /// <summary>The partition.</summary>
    public TopicPartition Partition => Ledger.Partition;

    /// <summary>The offset that is to be read next: the one behind the record, as Kafka counts.</summary>
    public long Next { get; }

    /// <inheritdoc/>
    public IEnumerable<CommittableOffset> Offsets => [this];

    internal PartitionLedger Ledger { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Partition} @{Next}";
}
