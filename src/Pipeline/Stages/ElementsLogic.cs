using Akka.Streams;
using Akka.Streams.Stage;
using Akka.Streams.Supervision;
using StockActors.Pipeline.Consuming;

namespace StockActors.Pipeline.Stages;

/// <summary>
/// Pushes what the ports of one or more partitions bring, an element on each demand; one chunk a partition is asked for ahead, so that reading and what
/// follows overlap.
/// </summary>
internal abstract class ElementsLogic<T> : OutGraphStageLogic
{
    private readonly Outlet<T> _out;
    private readonly Decider _decider;
    private readonly List<PartitionPort<T>> _ports = [];
    private readonly Action<(PartitionPort<T> Port, Chunk<T> Chunk)> _onChunk;
    private readonly Action<(PartitionPort<T> Port, PartitionEnd How, Exception? Cause)> _onEnd;
    private Queue<(PartitionPort<T> Port, Chunk<T> Chunk)> _waiting = new();
    private (PartitionPort<T> Port, Chunk<T> Chunk)? _current;
    private int _index;

    protected ElementsLogic(Shape shape, Outlet<T> outlet, Attributes attributes)
        : base(shape)
    {
        _out = outlet;
        _decider = attributes.GetAttribute<ActorAttributes.SupervisionStrategy>(null)?.Decider ?? Deciders.StoppingDecider;
        _onChunk = GetAsyncCallback<(PartitionPort<T> Port, Chunk<T> Chunk)>(OnChunk);
        _onEnd = GetAsyncCallback<(PartitionPort<T> Port, PartitionEnd How, Exception? Cause)>(OnEnd);
        SetHandler(outlet, this);
    }

    /// <summary>Whether no port that comes later or goes on will bring anything more.</summary>
    protected abstract bool HasEnded { get; }

    public override void OnPull() => Emit();

    public override void PostStop()
    {
        Drop(_ => true);
        foreach (var port in _ports)
            port.Detach();
    }

    protected void Attach(PartitionPort<T> port)
    {
        _ports.Add(port);
        port.Attach((from, chunk) => _onChunk((from, chunk)), (from, how, cause) => _onEnd((from, how, cause)));
    }

    /// <summary>A port brings nothing more; what it has brought is still pushed.</summary>
    protected virtual void OnStopped(PartitionPort<T> port)
    {
    }

    /// <summary>Pushes what there is and is wanted, or completes where all has ended.</summary>
    protected void Emit()
    {
        while (IsAvailable(_out))
        {
            if (_current is not { } current)
            {
                if (!_waiting.TryDequeue(out current))
                    break;
                (_current, _index) = (current, 0);
                current.Port.Ask();
            }

            var item = current.Chunk[_index++];
            if (_index == current.Chunk.Count)
            {
                current.Chunk.Return();
                _current = null;
            }

            if (item.Failure is null)
            {
                current.Port.Ledger.Emit(item.Next);
                Push(_out, item.Value!);
            }
            else if (_decider(item.Failure) == Directive.Stop)
            {
                FailStage(item.Failure);
                return;
            }
        }

        if (HasEnded && _current is null && _waiting.Count == 0)
            CompleteStage();
    }

    private void OnChunk((PartitionPort<T> Port, Chunk<T> Chunk) brought)
    {
        if (_ports.Contains(brought.Port))
            _waiting.Enqueue(brought);
        else
            brought.Chunk.Drop(0);
        Emit();
    }

    private void OnEnd((PartitionPort<T> Port, PartitionEnd How, Exception? Cause) end)
    {
        switch (end.How)
        {
            case PartitionEnd.Failed:
                FailStage(end.Cause!);
                return;
            case PartitionEnd.Revoked:
                Drop(port => port == end.Port);
                _ports.Remove(end.Port);
                end.Port.Detach();
                break;
        }

        OnStopped(end.Port);
        Emit();
    }

    private void Drop(Func<PartitionPort<T>, bool> whose)
    {
        if (_current is { } current && whose(current.Port))
        {
            current.Chunk.Drop(_index);
            _current = null;
        }

        foreach (var (_, chunk) in _waiting.Where(waiting => whose(waiting.Port)))
            chunk.Drop(0);
        _waiting = new(_waiting.Where(waiting => !whose(waiting.Port)));
    }
}
