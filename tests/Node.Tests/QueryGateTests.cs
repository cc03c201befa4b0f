using System.CommandLine;
using Akka.Actor;
using Akka.Cluster;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.TestKit.Xunit2;
using StockActors.Analytics;
using StockActors.Analytics.Tests;
using StockActors.Node.Commands;
using StockActors.Node.Markets;

namespace StockActors.Node.Tests;

/// <summary>Queries that are asked from another actor system, by way of a node of a cluster.</summary>
public sealed class QueryGateTests() : TestKit(Configuration, MarketHost.SystemName)
{
    private const string Configuration = """
        akka {
          loglevel = ERROR
          actor.provider = cluster
          remote {
            dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
            watch-failure-detector { heartbeat-interval = 200ms, acceptable-heartbeat-pause = 1s, expected-response-after = 200ms }
          }
          cluster.roles = [analytics]
          cluster.gossip-interval = 100ms
          cluster.leader-actions-interval = 100ms
        }
        """;

    private static readonly AnalyticsOptions Options = new() { MaxRunning = 1, MaxWaiting = 1, Timeout = TimeSpan.FromMinutes(1) };

    private readonly FakeEngine _engine = new();

    private string Node => $"127.0.0.1:{Cluster.Get(Sys).SelfAddress.Port}";

    [Fact]
    public async Task Rows_come_from_a_node_as_its_engine_has_them()
    {
        await using var engine = new DuckDbEngine(new NoTables());
        await StartAsync(engine);
        var (exit, result, error) = await QueryAsync(
            "select i, i * 1.25::decimal(18,9) d, case when i % 3 = 0 then null else repeat('é', 30) end t, timestamp '2026-01-05 14:30:00' + to_seconds(i) as at, sum(i) over () as s from range(20000) r(i)",
            "--format", "csv");

        Assert.True(exit == 0, error);
        var lines = result.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(20_001, lines.Length);
        Assert.Equal("i,d,t,at,s", lines[0]);
        Assert.Equal($"19999,24998.75,{new string('é', 30)},2026-01-05T20:03:19.000Z,199990000", lines[^1]);
        Assert.Matches("^20,000 rows in [0-9.]+ s, 0 bytes scanned\n$", error);
    }

    [Fact]
    public async Task What_goes_wrong_there_is_told_here()
    {
        await using var engine = new DuckDbEngine(new NoTables());
        await StartAsync(engine);
        Fails(await QueryAsync("select nonsense"), "nonsense");
        Fails(await QueryAsync("select case when i = 100000 then error('half-way') end from range(200000) r(i)"), "half-way");
        Fails(await QueryAsync("--name", "no-such-query"), "no-such-query");
        Fails(await QueryAsync("--name", "bars", "--param", "none=1"), "none");
        Assert.Equal(2, (await RunAsync("query", "select 1", "--node", "nowhere")).Exit);
        Fails(await RunAsync("query", "select 1", "--node", "127.0.0.1:1"), "'Control' or 'Node'");
    }

    [Fact]
    public async Task A_node_that_has_enough_to_do_says_so()
    {
        var gate = await StartAsync(_engine);
        gate.Tell(new AnalyticsActor.Query(Guid.NewGuid(), "a"), TestActor);
        gate.Tell(new AnalyticsActor.Query(Guid.NewGuid(), "b"), TestActor);
        await _engine["a"].Began.Task;
        Fails(await QueryAsync("c"), "The node runs 1 queries and 1 wait, which is as many as may (Analytics:MaxRunning, Analytics:MaxWaiting): busy, try later.");
    }

    [Fact]
    public async Task A_cluster_without_the_role_says_what_to_start()
    {
        var gate = Sys.ActorOf(Props.Create(() => new QueryGate()), QueryGate.Name);
        var id = Guid.NewGuid();
        var answer = await gate.Ask<AnalyticsActor.Failed>(new AnalyticsActor.Query(id, "a"), TimeSpan.FromSeconds(30));
        Assert.Equal((id, QueryFailure.Broken), (answer.Id, answer.Why));
        Assert.Contains("--roles analytics", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_elsewhere_sets_the_pace_and_ends_the_query_when_it_has_enough()
    {
        await StartAsync(_engine);
        Allow("a");
        _engine["a"].Pages = int.MaxValue;
        using var elsewhere = ActorSystem.Create("elsewhere", "akka { loglevel = ERROR, actor.provider = remote, remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 } }");
        var rows = await At(elsewhere).Ask<AnalyticsActor.RemoteRows>(new AnalyticsActor.Query(Guid.NewGuid(), "a"), TimeSpan.FromSeconds(30));
        Assert.Equal([new QueryColumn("n", ColumnType.Integer)], rows.Columns);
        Assert.Equal(new QueryCost(42), rows.Cost);
        var first = await rows.Pages().Take(500).RunWith(Sink.Seq<IReadOnlyList<object?[]>>(), elsewhere.Materializer());
        Assert.Equal(Enumerable.Range(0, 500).Select(i => (long)i), first.Select(page => (long)page[0][0]!));
        await AwaitAssertAsync(() => Assert.Equal(0, _engine.Open), TimeSpan.FromSeconds(30));
        Assert.InRange(_engine["a"].PagesRead, 500, 1_000);
    }

    [Fact]
    public async Task A_query_is_cancelled_from_elsewhere_and_when_its_asker_is_gone()
    {
        await StartAsync(_engine);
        var elsewhere = ActorSystem.Create("elsewhere", "akka { loglevel = ERROR, actor.provider = remote, remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 } }");
        var cancelled = new AnalyticsActor.Query(Guid.NewGuid(), "a");
        var answer = At(elsewhere).Ask<AnalyticsActor.IReply>(cancelled, TimeSpan.FromSeconds(30));
        await _engine["a"].Began.Task;
        At(elsewhere).Tell(new AnalyticsActor.Cancel(cancelled.Id));
        Assert.Equal(QueryFailure.Cancelled, Assert.IsType<AnalyticsActor.Failed>(await answer).Why);
        await AwaitAssertAsync(() => Assert.Equal(0, _engine.Open), TimeSpan.FromSeconds(10));

        _ = At(elsewhere).Ask<AnalyticsActor.IReply>(new AnalyticsActor.Query(Guid.NewGuid(), "b"), TimeSpan.FromMinutes(1)).ContinueWith(asked => asked.Exception, TaskScheduler.Default);
        await _engine["b"].Began.Task;
        Assert.Equal(1, _engine.Open);
        await elsewhere.Terminate();
        await AwaitAssertAsync(() => Assert.Equal(0, _engine.Open), TimeSpan.FromSeconds(30));
    }

    private static void Fails((int Exit, string Out, string Error) run, string why)
    {
        Assert.Equal(1, run.Exit);
        Assert.Contains(why, run.Error, StringComparison.Ordinal);
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("a fault of this program", run.Error, StringComparison.Ordinal);
    }

    private async Task<IActorRef> StartAsync(IQueryEngine engine)
    {
        var cluster = Cluster.Get(Sys);
        var up = new TaskCompletionSource();
        cluster.RegisterOnMemberUp(up.SetResult);
        cluster.Join(cluster.SelfAddress);
        Sys.ActorOf(AnalyticsActor.Props(engine, Options), QueryGate.Analytics);
        await up.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return Sys.ActorOf(Props.Create(() => new QueryGate()), QueryGate.Name);
    }

    private ActorSelection At(ActorSystem elsewhere) => elsewhere.ActorSelection($"akka.tcp://{MarketHost.SystemName}@{Node}/user/{QueryGate.Name}");

    private void Allow(string sql)
    {
        _engine[sql].MayOpen.TrySetResult();
        _engine[sql].MayClose.TrySetResult();
    }

    private Task<(int Exit, string Out, string Error)> QueryAsync(params string[] args) => RunAsync(["query", .. args, "--node", Node]);

    private static async Task<(int Exit, string Out, string Error)> RunAsync(params string[] args)
    {
        using var result = new StringWriter();
        using var error = new StringWriter();
        var exit = await new RootCommand { QueryCommand.Create() }.Parse(args).InvokeAsync(
            new InvocationConfiguration { Output = result, Error = error, ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
        return (exit, $"{result}", $"{error}");
    }

    private sealed class NoTables : ILakeTables
    {
        public ValueTask<IReadOnlyList<LakeTable>> ReadAsync(CancellationToken cancellation) => new((IReadOnlyList<LakeTable>)[]);
    }
}
