using Akka.Actor;
using StockActors.Market;
using StockActors.Node.Configuration;
using StockActors.Pipeline;
using StockActors.Simulator;

namespace StockActors.Node.Markets;

/// <summary>A run's lanes as this process starts and follows them.</summary>
internal sealed class LanesOfRun
{
    private static readonly TimeSpan StartInterval = TimeSpan.FromSeconds(2);

    private readonly Platform _platform;
    private readonly RunLog _log;
    private readonly Func<int, LanePublisher> _publisher;
    private readonly IActorRef _region;
    private readonly IReadOnlyList<int> _busy;

    private LanesOfRun(Platform platform, MarketRun run, RunLog log, Func<int, LanePublisher> publisher)
    {
        (_platform, Run, _log, _publisher) = (platform, run, log, publisher);
        platform.Watch(log);
        _region = platform.Actors.Get<LaneActor>();
        _busy = [.. Enumerable.Range(0, run.Lanes).Where(lane => run.MarketsOf(lane).Count > 0)];
        platform.System.ActorOf(MarketControl.Props(run, _busy, _region), MarketControl.Name);
    }

    /// <summary>What is simulated.</summary>
    public MarketRun Run { get; }

    /// <summary>Each lane's end, as far as it comes to it in this process.</summary>
    public IReadOnlyList<Task> Finished => [.. _busy.Select(lane => _platform.Lanes[lane].Finished)];

    /// <summary>The run that the settings name; on a Kafka it is one that may have been begun before, and then it is the same one.</summary>
    /// <exception cref="Commands.CommandException">The run was begun as another.</exception>
    public static async Task<LanesOfRun> BeginAsync(Platform platform, NodeSettings settings, TextWriter told, CancellationToken cancel)
    {
        var market = settings.Market;
        var markets = market.Markets();
        var run = new MarketRun(
            platform.RunId(market.Run ?? $"{markets[0].Scenario.Name}-{market.Symbols}-{market.Seed}"), market.Seed, market.FirstDay(TimeProvider.System, markets[0].Scenario.Days),
            market.Speed.Factor, platform.Topic.Name, platform.Topic.Lanes, markets);
        told.WriteLine($"Run     {run.RunId}: {run.Markets.Count} symbols in {run.Lanes} lanes, scenario {run.Scenario.Name}, seed {run.Seed}, {market.Speed}, from {market.Start}");

        var node = Akka.Cluster.Cluster.Get(platform.System).SelfAddress;
        told.WriteLine($"Control {node.Host}:{node.Port} (stockactors market show --node {node.Host}:{node.Port})");

        // On an embedded broker every start is a new run.
        var publish = settings.Publish.On(platform.Broker.Kafka);
        var log = new RunLog(platform.Broker.Log, platform.Topic, run.RunId);
        if (!platform.Broker.IsEmbedded)
        {
            var identity = await RunIdentity.EnsureAsync(run, platform.Topic, publish, platform.Broker.Log, cancel);
            var beside = await Task.WhenAll(market.Beside.Select(feed => platform.Broker.Log.RequireAsync(TickFeeds.TopicOf(run.Topic, feed), cancel)));
            log = await RunLog.OpenAsync(publish, platform.Broker.Log, platform.Topic, run.RunId, identity.BegunAt, beside, told.WriteLine, cancel);
        }

        return new LanesOfRun(platform, run, log, lane => new LanePublisher(publish, run.Topic, lane, platform.Windows[lane]));
    }

    /// <summary>How a lane's actor is made in this process.</summary>
    public Props Props(int lane) => LaneActor.Props(
        lane, Run, _log, () => _publisher(lane), _platform.Lanes[lane], spec => MarketActor.Props(spec, Run.RunId, Run.Seed).WithDispatcher(MarketHost.MarketDispatcher));

    /// <summary>
    /// Makes sure that every lane is there, on whatever node, and goes on to: what the nodes remember of their lanes is in their memories, and a node
    /// that dies before it has told the others takes it along.
    /// </summary>
    public void Start()
    {
        foreach (var lane in _busy)
            _platform.System.Scheduler.ScheduleTellRepeatedly(TimeSpan.Zero, StartInterval, _region, new LaneActor.Start(lane), ActorRefs.NoSender);
    }

    /// <summary>Lets simulated time stop.</summary>
    public void Drain()
    {
        foreach (var lane in _busy)
            _region.Tell(new LaneActor.Drain(lane));
    }
}
