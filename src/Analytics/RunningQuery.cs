using Akka.Actor;

namespace StockActors.Analytics;

/// <summary>A query that has its turn. The actor owns it; the stream of its pages reads it too.</summary>
internal sealed class RunningQuery : IDisposable
{
    private const int NotStopped = -1;

    private readonly CancellationTokenSource _stop = new();
    private int _stopped = NotStopped;
    private int _read;

    public RunningQuery(Guid id, IActorRef asker) => (Id, Asker, Stopping) = (id, asker, _stop.Token);

    public Guid Id { get; }

    public IActorRef Asker { get; }

    /// <summary>Once it has columns.</summary>
    public IQueryResult? Result { get; set; }

    /// <summary>Whether its asker has been told where the rows are: from then on it is the stream that notices when nobody reads them.</summary>
    public bool IsAnswered { get; set; }

    public CancellationToken Stopping { get; }

    /// <summary>Why it was stopped, if it was: the first reason counts.</summary>
    public QueryFailure? Stopped => Volatile.Read(ref _stopped) is var why && why != NotStopped ? (QueryFailure)why : null;

    public void Stop(QueryFailure why)
    {
        if (Interlocked.CompareExchange(ref _stopped, (int)why, NotStopped) == NotStopped)
            _stop.Cancel();
    }

    /// <summary>True for the first who wants to read its pages.</summary>
    public bool TryRead() => Interlocked.Exchange(ref _read, 1) == 0;

    public void Dispose() => _stop.Dispose();
}
