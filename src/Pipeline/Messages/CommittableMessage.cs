using Confluent.Kafka;
using StockActors.Pipeline.Consuming;

namespace StockActors.Pipeline.Messages;

/// <summary>A record, and what is to be committed when it is done.</summary>
public sealed class CommittableMessage<TKey, TValue>
{
    private readonly PartitionLedger _ledger;

    internal CommittableMessage(ConsumeResult<TKey, TValue> record, PartitionLedger ledger) => (Record, _ledger) = (record, ledger);

    /// <summary>The record.</summary>
    public ConsumeResult<TKey, TValue> Record { get; }

    /// <summary>For a <see cref="Dsl.Committer"/>, once the record is done.</summary>
    public CommittableOffset Offset => new(_ledger, Record.Offset.Value + 1);
}
