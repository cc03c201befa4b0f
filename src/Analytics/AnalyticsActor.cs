using Akka;
using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Util;

namespace StockActors.Analytics;

/// <summary>
/// Answers SQL: a few queries at a time, a bounded number waiting, and <see cref="Busy"/> for the rest. Each <see cref="Query"/> is answered
/// once, by <see cref="Rows"/> (<see cref="RemoteRows"/> where the asker is of another actor system), <see cref="Failed"/> or <see cref="Busy"/>.
/// </summary>
/// <remarks>
/// A result is a source, so whoever reads it sets the pace, also from another node. One that is asked for from a node that has gone is stopped.
/// </remarks>
public sealed class AnalyticsActor : ReceiveActor, IWithTimers
{
    private const string Running = "running";
    private const string Waiting = "waiting";

    private readonly IQueryEngine _engine;
    private readonly AnalyticsOptions _options;
    private readonly Dictionary<Guid, RunningQuery> _running = [];
    private readonly LinkedList<(Query Query, IActorRef Asker)> _waiting = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private ActorMaterializer? _materializer;

    /// <summary>Made by <see cref="Props(IQueryEngine, AnalyticsOptions)"/>.</summary>
    public AnalyticsActor(IQueryEngine engine, AnalyticsOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxRunning, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxWaiting);
        (_engine, _options) = (engine, options);
        Receive<Query>(Ask);
        Receive<QueryByName>(Ask);
        Receive<Cancel>(cancel => StopQuery(cancel.Id, QueryFailure.Cancelled));
        Receive<Expired>(expired => StopQuery(expired.Id, QueryFailure.TimedOut));
        Receive<Opened>(OnOpened);
        Receive<NotOpened>(OnNotOpened);
        Receive<Closed>(closed => Free(closed.Query));
        Receive<Offered>(OnOffered);
        Receive<NotOffered>(failed => OnNotOffered(failed.Query, failed.Error));
        Receive<Terminated>(gone => OnAskerGone(gone.ActorRef));
    }

    /// <summary>What the actor is asked.</summary>
    public interface ICommand
    {
        /// <summary>The query's name, drawn by whoever asks.</summary>
        Guid Id { get; }
    }

    /// <summary>What it answers.</summary>
    public interface IReply
    {
        /// <summary>The query's name.</summary>
        Guid Id { get; }
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The actor's props.</summary>
    /// <param name="engine">Answers the queries; it stays its owner's.</param>
    /// <param name="options">How much to take on.</param>
    public static Props Props(IQueryEngine engine, AnalyticsOptions options) =>
        Akka.Actor.Props.Create(() => new AnalyticsActor(engine, options));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        AnalyticsMetrics.Hold(Waiting, -_waiting.Count);
        AnalyticsMetrics.Hold(Running, -_running.Count);
        foreach (var (query, asker) in _waiting)
            asker.Tell(Failure(query.Id, QueryFailure.Cancelled, null));
        foreach (var query in _running.Values)
        {
            query.Stop(QueryFailure.Cancelled);
            if (query.Result is null)
                query.Asker.Tell(Failure(query.Id, QueryFailure.Cancelled, null));
        }
    }

    private void Ask(Query query)
    {
        if (_running.ContainsKey(query.Id) || _waiting.Any(other => other.Query.Id == query.Id))
            Sender.Tell(new Failed(query.Id, QueryFailure.Refused, $"a query {query.Id} is here already; give each one an id of its own"));
        else if (_running.Count < _options.MaxRunning)
            Start(query, Sender);
        else if (_waiting.Count < _options.MaxWaiting)
            Queue(query, Sender);
        else
            TurnAway(query);
    }

    private void Ask(QueryByName query)
    {
        try
        {
            Ask(new Query(query.Id, QueryLibrary.Shipped.Find(query.Name).Bind(_engine.Dialect, query.Parameters)));
        }
        catch (QueryException e)
        {
            Sender.Tell(Failure(query.Id, QueryFailure.Refused, e));
        }
    }

    private void Queue(Query query, IActorRef asker)
    {
        _waiting.AddLast((query, asker));
        AnalyticsMetrics.Hold(Waiting, 1);
        if (IsRemote(asker))
            Context.Watch(asker);
    }

    private void TurnAway(Query query)
    {
        AnalyticsMetrics.Busy();
        Sender.Tell(new Busy(query.Id, _running.Count, _waiting.Count));
    }

    private void Start(Query query, IActorRef asker)
    {
        var running = new RunningQuery(query.Id, asker);
        _running.Add(query.Id, running);
        AnalyticsMetrics.Hold(Running, 1);
        if (IsRemote(asker))
            Context.Watch(asker);
        Timers.StartSingleTimer(query.Id, new Expired(query.Id), _options.Timeout);
        Open(query.Sql, running.Stopping).PipeTo(Self,
            success: result => new Opened(query.Id, result), failure: error => new NotOpened(query.Id, error));
    }

    // Whatever stops a query closes its result, also where nobody has read it, or nobody is there any more to be told of it.
    private async Task<IQueryResult> Open(string sql, CancellationToken stopping)
    {
        var result = await _engine.ExecuteAsync(sql, stopping);
        stopping.UnsafeRegister(_ => result.DisposeAsync().AsTask(), null);
        return result;
    }

    private void OnOpened(Opened opened)
    {
        var query = _running[opened.Id];
        query.Result = opened.Result;
        if (query.Stopped is { } why)
        {
            query.Asker.Tell(Failure(query.Id, why, null));
            FreeOnceClosed(query);
        }
        else if (IsRemote(query.Asker))
        {
            Offer(query, opened.Result);
        }
        else
        {
            query.Asker.Tell(new Rows(query.Id, opened.Result.Columns, opened.Result.Cost, Pages(query, opened.Result, Self)));
        }
    }

    // The asker is told where the rows are to be had; one that does not come for them within half a minute has lost them.
    private void Offer(RunningQuery query, IQueryResult result)
    {
        QueryColumn[] columns = [.. result.Columns];
        Pages(query, result, Self).Via(RowFrames.Encode(columns)).RunWith(StreamRefs.SourceRef<byte[]>(), _materializer ??= Context.Materializer()).PipeTo(
            Self,
            success: source => new Offered(query, new RemoteRows(query.Id, columns, result.Cost, source)),
            failure: error => new NotOffered(query, error));
    }

    private void OnOffered(Offered offered)
    {
        offered.Query.Asker.Tell(offered.Rows);
        offered.Query.IsAnswered = true;
        Forget(offered.Query.Asker);
    }

    private void OnNotOffered(RunningQuery query, Exception error)
    {
        _log.Error(error, "The rows of query {0} could not be offered", query.Id);
        query.Asker.Tell(Failure(query.Id, QueryFailure.Broken, error));
        FreeOnceClosed(query);
    }

    private void OnAskerGone(IActorRef asker)
    {
        foreach (var query in _running.Values.Where(query => !query.IsAnswered && query.Asker.Equals(asker)).ToList())
            StopQuery(query.Id, QueryFailure.Cancelled);
        foreach (var (query, _) in _waiting.Where(waiting => waiting.Asker.Equals(asker)).ToList())
            StopQuery(query.Id, QueryFailure.Cancelled);
    }

    private static bool IsRemote(IActorRef asker) => asker.Path.Address.HasGlobalScope;

    private void OnNotOpened(NotOpened failed)
    {
        var query = _running[failed.Id];
        var why = query.Stopped ?? (failed.Error is QueryException { Error: QueryError.Query or QueryError.Limit } ? QueryFailure.Refused : QueryFailure.Broken);
        if (why == QueryFailure.Broken)
            _log.Error(failed.Error, "Query {0} could not begin", query.Id);
        query.Asker.Tell(Failure(query.Id, why, failed.Error));
        Free(query);
    }

    private void StopQuery(Guid id, QueryFailure why)
    {
        if (_running.TryGetValue(id, out var query))
        {
            query.Stop(why);
            if (query.Result is not null)
                FreeOnceClosed(query);
            return;
        }

        for (var node = _waiting.First; node is not null; node = node.Next)
        {
            if (node.Value.Query.Id != id)
                continue;
            node.Value.Asker.Tell(Failure(id, why, null));
            Unqueue(node);
            return;
        }
    }

    private void FreeOnceClosed(RunningQuery query)
    {
        var closed = new Closed(query);
        query.Result!.DisposeAsync().AsTask().PipeTo(Self, success: () => closed, failure: _ => closed);
    }

    private void Free(RunningQuery query)
    {
        if (_running.GetValueOrDefault(query.Id) != query)
            return;
        _running.Remove(query.Id);
        AnalyticsMetrics.Hold(Running, -1);
        query.Dispose();
        Timers.Cancel(query.Id);
        Forget(query.Asker);
        if (_waiting.First is { Value: var (next, asker) } first)
        {
            Unqueue(first);
            Start(next, asker);
        }
    }

    private void Unqueue(LinkedListNode<(Query Query, IActorRef Asker)> node)
    {
        _waiting.Remove(node);
        AnalyticsMetrics.Hold(Waiting, -1);
        Forget(node.Value.Asker);
    }

    private void Forget(IActorRef asker)
    {
        if (IsRemote(asker) && _running.Values.All(query => query.IsAnswered || !query.Asker.Equals(asker)) && _waiting.All(waiting => !waiting.Asker.Equals(asker)))
            Context.Unwatch(asker);
    }

    private Failed Failure(Guid id, QueryFailure why, Exception? error) =>
        new(id, why, why is QueryFailure.Cancelled or QueryFailure.TimedOut ? Reason(why) : error!.Message);

    private string Reason(QueryFailure why) =>
        why == QueryFailure.TimedOut ? $"the query took longer than {_options.Timeout}" : "the query was cancelled";

    private Source<IReadOnlyList<object?[]>, NotUsed> Pages(RunningQuery query, IQueryResult result, IActorRef self)
    {
        return Source.UnfoldResourceAsync<IReadOnlyList<object?[]>, IQueryResult>(
            create: () => query.TryRead() ? Task.FromResult(result)
                : Task.FromException<IQueryResult>(new InvalidOperationException($"the rows of query {query.Id} can be read once")),
            read: async rows =>
            {
                try
                {
                    return await rows.ReadPageAsync(query.Stopping) is { } page
                        ? Option<IReadOnlyList<object?[]>>.Create(page)
                        : Option<IReadOnlyList<object?[]>>.None;
                }
                catch (OperationCanceledException)
                {
                    // The stage waits for ever on a task that is cancelled; on one that has failed it does not.
                    var why = query.Stopped ?? QueryFailure.Cancelled;
                    throw new QueryStoppedException(why, Reason(why));
                }
            },
            close: async rows =>
            {
                await rows.DisposeAsync();
                self.Tell(new Closed(query));
                return Done.Instance;
            });
    }

    /// <summary>Asks for the answer to a statement.</summary>
    /// <param name="Id">Names it; new for each query.</param>
    /// <param name="Sql">One statement in the engine's dialect.</param>
    public sealed record Query(Guid Id, string Sql) : ICommand;

    /// <summary>Asks for the answer to a query of the library that is shipped.</summary>
    /// <param name="Id">Names it; new for each query.</param>
    /// <param name="Name">Which one.</param>
    /// <param name="Parameters">Values of its parameters, by name; those that are absent have their defaults.</param>
    public sealed record QueryByName(Guid Id, string Name, Dictionary<string, string> Parameters) : ICommand;

    /// <summary>
    /// Stops a query wherever it stands: one that waits or has no columns yet is answered with <see cref="Failed"/>, the pages of any other fail
    /// with <see cref="QueryStoppedException"/>. One that is not known (any more) is ignored.
    /// </summary>
    /// <param name="Id">The query.</param>
    public sealed record Cancel(Guid Id) : ICommand;

    /// <summary>The result.</summary>
    /// <param name="Id">The query.</param>
    /// <param name="Columns">Its columns.</param>
    /// <param name="Cost">What it has cost.</param>
    /// <param name="Pages">
    /// The rows, to be run once; the query holds its place until the source has ended, failed or been cancelled, or the time is up. It fails with
    /// <see cref="QueryException"/> or <see cref="QueryStoppedException"/>.
    /// </param>
    public sealed record Rows(Guid Id, IReadOnlyList<QueryColumn> Columns, QueryCost Cost, Source<IReadOnlyList<object?[]>, NotUsed> Pages) : IReply;

    /// <summary>The result, for an asker of another actor system.</summary>
    /// <param name="Id">The query.</param>
    /// <param name="Columns">Its columns.</param>
    /// <param name="Cost">What it has cost.</param>
    /// <param name="Frames">Its rows as <see cref="Pages"/> reads them.</param>
    public sealed record RemoteRows(Guid Id, QueryColumn[] Columns, QueryCost Cost, ISourceRef<byte[]> Frames) : IReply
    {
        /// <summary>
        /// The rows, as those of <see cref="Rows"/>. It fails also where the node is gone, and where it is not run within half a minute.
        /// </summary>
        public Source<IReadOnlyList<object?[]>, NotUsed> Pages() => Frames.Source.Via(RowFrames.Decode(Columns));
    }

    /// <summary>There is no result.</summary>
    /// <param name="Id">The query.</param>
    /// <param name="Why">What kind of failure it is.</param>
    /// <param name="Message">The engine's own message where it refused the query.</param>
    public sealed record Failed(Guid Id, QueryFailure Why, string Message) : IReply;

    /// <summary>As much runs and waits as may: ask again later.</summary>
    /// <param name="Id">The query.</param>
    /// <param name="Running">How many queries run.</param>
    /// <param name="Waiting">How many wait.</param>
    public sealed record Busy(Guid Id, int Running, int Waiting) : IReply;

    private sealed record Opened(Guid Id, IQueryResult Result);

    private sealed record NotOpened(Guid Id, Exception Error);

    private sealed record Offered(RunningQuery Query, RemoteRows Rows);

    private sealed record NotOffered(RunningQuery Query, Exception Error);

    private sealed record Closed(RunningQuery Query);

    private sealed record Expired(Guid Id);
}
