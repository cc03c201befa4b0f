using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Failed = StockActors.Analytics.AnalyticsActor.Failed;
using Rows = StockActors.Analytics.AnalyticsActor.Rows;

namespace StockActors.Analytics.Tests;

public sealed class AnalyticsActorTests() : TestKit("""akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit" """)
{
    private static readonly AnalyticsOptions Options = new() { MaxRunning = 2, MaxWaiting = 1, Timeout = TimeSpan.FromMinutes(1) };

    private readonly FakeEngine _engine = new();

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact(Timeout = 60_000)]
    public async Task A_query_is_answered_by_its_rows()
    {
        Allow("a");
        var actor = Start();
        var id = Ask(actor, "a");
        var rows = await ExpectMsgAsync<Rows>();
        Assert.Equal(id, rows.Id);
        Assert.Equal([new QueryColumn("n", ColumnType.Integer)], rows.Columns);
        Assert.Equal([0L, 1L, 2L], await ReadAsync(rows));
        await AwaitAssertAsync(() => Assert.Equal(0, _engine.Open));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_real_engine_answers_and_refuses_through_the_actor()
    {
        using var lake = new TempLake();
        lake.Add("trades", "2026-01-05", "14", 0, 5_000);
        await using var engine = new DuckDbEngine(lake);
        var actor = Sys.ActorOf(AnalyticsActor.Props(engine, Options));
        Ask(actor, "SELECT sequence FROM trades ORDER BY 1");
        var rows = await ExpectMsgAsync<Rows>(TimeSpan.FromSeconds(30));
        Assert.Equal(Enumerable.Range(0, 5_000).Select(i => (long)i), await ReadAsync(rows));

        Ask(actor, "SELECT sequenze FROM trades");
        var failed = await ExpectMsgAsync<Failed>(TimeSpan.FromSeconds(30));
        Assert.Equal(QueryFailure.Refused, failed.Why);
        Assert.Contains("Referenced column \"sequenze\" not found", failed.Message);
    }

    [Fact(Timeout = 60_000)]
    public async Task Beyond_what_runs_and_waits_it_is_busy()
    {
        var actor = Start();
        Ask(actor, "a");
        Ask(actor, "b");
        Ask(actor, "c");
        var refused = Ask(actor, "d");
        Assert.Equal(new AnalyticsActor.Busy(refused, Running: 2, Waiting: 1), await ExpectMsgAsync<AnalyticsActor.Busy>());
        await _engine["b"].Began.Task;
        Assert.False(_engine["c"].Began.Task.IsCompleted);

        Allow("a", "c");
        Assert.Equal([0L, 1L, 2L], await ReadAsync(await ExpectMsgAsync<Rows>()));
        await _engine["c"].Began.Task;
        await ExpectMsgAsync<Rows>();
        Assert.False(_engine["d"].Began.Task.IsCompleted);
        Assert.Equal(2, _engine.MaxOpen);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_place_is_free_only_when_the_engine_has_stopped()
    {
        var actor = Start(Options with { MaxRunning = 1 });
        var first = Ask(actor, "a");
        Ask(actor, "b");
        _engine["a"].MayOpen.SetResult();
        await ExpectMsgAsync<Rows>();
        actor.Tell(new AnalyticsActor.Cancel(first), TestActor);
        await _engine["a"].Closing.Task;
        Ask(actor, "c");
        await ExpectMsgAsync<AnalyticsActor.Busy>();
        Assert.False(_engine["b"].Began.Task.IsCompleted);
        _engine["a"].MayClose.SetResult();
        await _engine["b"].Began.Task;
        Assert.Equal(1, _engine.MaxOpen);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_reader_sets_the_pace_and_ends_the_query_when_it_has_enough()
    {
        Allow("a");
        _engine["a"].Pages = int.MaxValue;
        var actor = Start();
        Ask(actor, "a");
        var rows = await ExpectMsgAsync<Rows>();
        var (reader, queue) = rows.Pages.ViaMaterialized(KillSwitches.Single<IReadOnlyList<object?[]>>(), Keep.Right)
            .ToMaterialized(Sink.Queue<IReadOnlyList<object?[]>>(), Keep.Both).Run(Sys.Materializer());
        for (var i = 0L; i < 100; i++)
        {
            Assert.Equal(i, (await queue.PullAsync()).Value[0][0]);
            Assert.InRange(_engine["a"].PagesRead, i + 1, i + 64);
        }

        Assert.Equal(1, _engine.Open);
        reader.Shutdown();
        await AwaitAssertAsync(() => Assert.Equal(0, _engine.Open));
    }

    [Fact(Timeout = 60_000)]
    public async Task Rows_are_read_once()
    {
        Allow("a");
        Ask(Start(), "a");
        var rows = await ExpectMsgAsync<Rows>();
        await ReadAsync(rows);
        await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAsync(rows));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_error_within_the_rows_fails_their_source_and_frees_the_place()
    {
        Allow("a");
        _engine["a"].Error = new QueryException("out of memory");
        Ask(Start(), "a");
        var rows = await ExpectMsgAsync<Rows>();
        Assert.Equal("out of memory", (await Assert.ThrowsAsync<QueryException>(() => ReadAsync(rows))).Message);
        await AwaitAssertAsync(() => Assert.Equal(0, _engine.Open));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_broken_lake_is_not_the_users_error()
    {
        var actor = Start();
        Ask(actor, "a");
        _engine["a"].MayOpen.SetException(new IOException("the catalogue is away"));
        var failed = await ExpectMsgAsync<Failed>();
        Assert.Equal((QueryFailure.Broken, "the catalogue is away"), (failed.Why, failed.Message));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_id_that_is_in_use_is_refused()
    {
        var actor = Start();
        var id = Ask(actor, "a");
        actor.Tell(new AnalyticsActor.Query(id, "b"), TestActor);
        Assert.Equal(QueryFailure.Refused, (await ExpectMsgAsync<Failed>()).Why);
        Assert.False(_engine["b"].Began.Task.IsCompleted);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_query_is_cancelled_while_it_waits_while_it_opens_and_while_it_is_read()
    {
        var actor = Start(Options with { MaxRunning = 1, MaxWaiting = 2 });
        Allow("reading");
        _engine["reading"].HasEnd = false;
        var reading = Ask(actor, "reading");
        var rows = ReadAsync(await ExpectMsgAsync<Rows>());
        var opening = Ask(actor, "opening");
        var waiting = Ask(actor, "waiting");

        actor.Tell(new AnalyticsActor.Cancel(waiting), TestActor);
        Assert.Equal(new Failed(waiting, QueryFailure.Cancelled, "the query was cancelled"), await ExpectMsgAsync<Failed>());

        actor.Tell(new AnalyticsActor.Cancel(reading), TestActor);
        Assert.Equal(QueryFailure.Cancelled, (await Assert.ThrowsAsync<QueryStoppedException>(() => rows)).Why);
        await _engine["opening"].Began.Task;

        actor.Tell(new AnalyticsActor.Cancel(opening), TestActor);
        Assert.Equal(opening, (await ExpectMsgAsync<Failed>()).Id);
        await AwaitAssertAsync(() => Assert.Equal(0, _engine.Open));
        Assert.False(_engine["waiting"].Began.Task.IsCompleted);

        Allow("next");
        Ask(actor, "next");
        await ExpectMsgAsync<Rows>();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_query_that_takes_too_long_is_stopped_wherever_it_stands()
    {
        var actor = Start(Options with { MaxRunning = 3 });
        Allow("reading", "unread");
        _engine["reading"].HasEnd = false;
        Ask(actor, "reading");
        var rows = ReadAsync(await ExpectMsgAsync<Rows>());
        Ask(actor, "unread");
        var unread = await ExpectMsgAsync<Rows>();
        var opening = Ask(actor, "opening");
        await _engine["opening"].Began.Task;

        Scheduler.Advance(Options.Timeout - TimeSpan.FromSeconds(1));
        Assert.Equal(3, _engine.Open);
        Scheduler.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(new Failed(opening, QueryFailure.TimedOut, "the query took longer than 00:01:00"), await ExpectMsgAsync<Failed>());
        Assert.Equal(QueryFailure.TimedOut, (await Assert.ThrowsAsync<QueryStoppedException>(() => rows)).Why);
        await AwaitAssertAsync(() => Assert.Equal(0, _engine.Open));
        Assert.Equal(QueryFailure.TimedOut, (await Assert.ThrowsAsync<QueryStoppedException>(() => ReadAsync(unread))).Why);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_stopped_actor_leaves_nothing_open_and_nobody_unanswered()
    {
        var actor = Start(Options with { MaxRunning = 3 });
        Allow("reading", "unread");
        _engine["reading"].HasEnd = false;
        Ask(actor, "reading");
        var rows = ReadAsync(await ExpectMsgAsync<Rows>());
        Ask(actor, "unread");
        await ExpectMsgAsync<Rows>();
        var opening = Ask(actor, "opening");
        var waiting = Ask(actor, "waiting");
        await _engine["opening"].Began.Task;

        Sys.Stop(actor);
        var failed = new[] { await ExpectMsgAsync<Failed>(), await ExpectMsgAsync<Failed>() };
        Assert.Equal(new[] { opening, waiting }.Order(), failed.Select(reply => reply.Id).Order());
        Assert.Equal(QueryFailure.Cancelled, (await Assert.ThrowsAsync<QueryStoppedException>(() => rows)).Why);
        await AwaitAssertAsync(() => Assert.Equal(0, _engine.Open));
    }

    [Fact(Timeout = 60_000)]
    public async Task Whatever_happens_every_query_is_answered_once_and_no_place_is_lost()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var random = new Random(seed);
            var engine = new FakeEngine();
            var options = new AnalyticsOptions { MaxRunning = random.Next(1, 4), MaxWaiting = random.Next(0, 4), Timeout = TimeSpan.FromMinutes(1) };
            var actor = Sys.ActorOf(AnalyticsActor.Props(engine, options));
            var replies = new List<Task<AnalyticsActor.IReply>>();
            var asked = new List<AnalyticsActor.Query>();
            for (var step = 0; step < 60; step++)
            {
                var some = asked.Count == 0 ? null : asked[random.Next(asked.Count)];
                switch (random.Next(8))
                {
                    case 0 or 1 or 2:
                        var query = new AnalyticsActor.Query(Guid.NewGuid(), $"{asked.Count}");
                        engine[query.Sql].HasEnd = random.Next(2) == 0;
                        engine[query.Sql].Error = random.Next(4) == 0 ? new QueryException("no") : null;
                        asked.Add(query);
                        replies.Add(Answer(actor, query));
                        break;
                    case 3 when some is not null:
                        engine[some.Sql].MayOpen.TrySetResult();
                        break;
                    case 4 when some is not null:
                        engine[some.Sql].MayOpen.TrySetException(new QueryException("no"));
                        break;
                    case 5 when some is not null:
                        engine[some.Sql].MayClose.TrySetResult();
                        break;
                    case 6 when some is not null:
                        actor.Tell(new AnalyticsActor.Cancel(some.Id));
                        break;
                    case 7 when some is not null && replies[asked.IndexOf(some)] is { IsCompletedSuccessfully: true, Result: Rows rows }:
                        _ = ReadAsync(rows).ContinueWith(read => read.Exception, TaskScheduler.Default);
                        break;
                }
            }

            foreach (var query in asked)
            {
                engine[query.Sql].MayOpen.TrySetResult();
                engine[query.Sql].MayClose.TrySetResult();
                actor.Tell(new AnalyticsActor.Cancel(query.Id));
            }

            var all = await Task.WhenAll(replies).WaitAsync(TimeSpan.FromSeconds(20));
            Assert.Equal(asked.Select(query => query.Id), all.Select(reply => reply.Id));
            await AwaitAssertAsync(() => Assert.True(engine.Open == 0, $"seed {seed}: {engine.Open} open"), TimeSpan.FromSeconds(10));
            Assert.True(engine.MaxOpen <= options.MaxRunning, $"seed {seed}: {engine.MaxOpen} of {options.MaxRunning} at a time");

            for (var i = 0; i < options.MaxRunning; i++)
            {
                engine[$"after {i}"].MayOpen.SetResult();
                Assert.True(await AwaitRowsAsync(actor, $"after {i}") is Rows, $"seed {seed}: a place is lost");
            }

            Sys.Stop(actor);
        }
    }

    private static async Task<AnalyticsActor.IReply> Answer(IActorRef actor, AnalyticsActor.Query query) =>
        await actor.Ask<AnalyticsActor.IReply>(query, System.Threading.Timeout.InfiniteTimeSpan);

    // The place of the query before it is free an instant after its engine has stopped.
    private async Task<AnalyticsActor.IReply> AwaitRowsAsync(IActorRef actor, string sql)
    {
        AnalyticsActor.IReply reply = await Answer(actor, new AnalyticsActor.Query(Guid.NewGuid(), sql));
        await AwaitConditionAsync(async () => reply is Rows || (reply = await Answer(actor, new AnalyticsActor.Query(Guid.NewGuid(), sql))) is Rows, TimeSpan.FromSeconds(10));
        return reply;
    }

    private IActorRef Start(AnalyticsOptions? options = null) => Sys.ActorOf(AnalyticsActor.Props(_engine, options ?? Options));

    private void Allow(params string[] queries)
    {
        foreach (var sql in queries)
        {
            _engine[sql].MayOpen.TrySetResult();
            _engine[sql].MayClose.TrySetResult();
        }
    }

    private Guid Ask(IActorRef actor, string sql)
    {
        var id = Guid.NewGuid();
        actor.Tell(new AnalyticsActor.Query(id, sql), TestActor);
        return id;
    }

    private async Task<List<long>> ReadAsync(Rows rows)
    {
        var pages = await rows.Pages.RunWith(Sink.Seq<IReadOnlyList<object?[]>>(), Sys.Materializer());
        return pages.SelectMany(page => page).Select(row => (long)row[0]!).ToList();
    }
}
