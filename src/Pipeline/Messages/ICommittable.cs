namespace StockActors.Pipeline.Messages;

/// <summary>What a <see cref="Dsl.Committer"/> takes: an offset, or several.</summary>
public interface ICommittable
{
    /// <summary>The offsets, at most one a partition.</summary>
    IEnumerable<CommittableOffset> Offsets { get; }
}
