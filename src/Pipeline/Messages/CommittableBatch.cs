using StockActors.Market;
using StockActors.Pipeline.Consuming;

namespace StockActors.Pipeline.Messages;

/// <summary>A partition's records of one poll round, and what is to be committed when they are done.</summary>
public sealed class CommittableBatch : IDisposable
{
    internal CommittableBatch(RecordBatch records, PartitionLedger ledger) => (Records, Offset) = (records, new CommittableOffset(ledger, records.NextOffset));

    /// <summary>The records.</summary>
    public RecordBatch Records { get; }

    /// <summary>For a <see cref="Dsl.Committer"/>, once they are done.</summary>
    public CommittableOffset Offset { get; }

    /// <summary>Gives the records' memory back.</summary>
    public void Dispose() => Records.Dispose();
}
