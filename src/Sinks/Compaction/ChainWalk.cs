using StockActors.Sinks.Chain;

namespace StockActors.Sinks.Compaction;

/// <summary>What a whole chain lists, by partition. It is read once, and on from there whenever it is looked at again.</summary>
internal sealed class ChainWalk(LaneChain chain)
{
    private readonly Dictionary<TablePartition, List<ChainObject>> _objects = [];
    private readonly Dictionary<TablePartition, DateTimeOffset> _lastWritten = [];
    private readonly HashSet<TablePartition> _moved = [];
    private readonly HashSet<string> _lost = new(StringComparer.Ordinal);

    public LaneChain Chain => chain;

    /// <summary>The end of the chain as far as it was read; <c>null</c> where it is not opened.</summary>
    public ChainHead? Head { get; private set; }

    /// <summary>Reads on to the head.</summary>
    /// <exception cref="LaneStoppedException">An entry can't be read, is of a newer build, or does not follow.</exception>
    public async Task ReadOnAsync(CancellationToken cancellation)
    {
        for (var n = Head is null ? 0 : Head.Last.N + 1; await chain.ReadAsync(n, cancellation) is { } entry; n++)
        {
            Head = chain.Behind(Head, entry);
            Take(entry);
        }
    }

    /// <summary>Whether the chain has the partition's move.</summary>
    public bool HasMoved(TablePartition partition) => _moved.Contains(partition);

    /// <summary>The objects of a partition that epochs list, those given up as lost too.</summary>
    public IReadOnlyList<ChainObject> ObjectsOf(TablePartition partition) => _objects.GetValueOrDefault(partition) ?? [];

    /// <summary>Whether an operator has given an object up.</summary>
    public bool IsLost(ChainObject listed) => _lost.Contains(listed.Key);

    /// <summary>When, by its writer's clock, the last epoch was claimed that lists the partition.</summary>
    public DateTimeOffset? LastWrittenTo(TablePartition partition) => _lastWritten.TryGetValue(partition, out var at) ? at : null;

    private void Take(IChainEntry entry)
    {
        switch (entry)
        {
            case EpochEntry epoch:
                foreach (var listed in epoch.Objects)
                {
                    if (!_objects.TryGetValue(listed.In(), out var objects))
                        _objects.Add(listed.In(), objects = []);
                    objects.Add(listed);
                    _lastWritten[listed.In()] = epoch.WrittenAt;
                }

                break;
            case MoveEntry move:
                _moved.Add(move.Of());
                break;
            case SkipEntry skip:
                _lost.UnionWith(skip.Lost);
                break;
        }
    }
}
