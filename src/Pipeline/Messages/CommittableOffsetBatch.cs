namespace StockActors.Pipeline.Messages;

/// <summary>Offsets that are done together: of each partition the furthest.</summary>
public sealed class CommittableOffsetBatch : ICommittable
{
    private CommittableOffsetBatch(IReadOnlyList<CommittableOffset> offsets) => Offsets = offsets;

    /// <inheritdoc/>
    public IEnumerable<CommittableOffset> Offsets { get; }

    /// <summary>Puts offsets together.</summary>
    public static CommittableOffsetBatch Of(IEnumerable<ICommittable> committables) =>
        new([.. committables.SelectMany(c => c.Offsets).GroupBy(o => o.Ledger).Select(partition => partition.MaxBy(o => o.Next)!)]);
}
