using System.Diagnostics;
using System.Text.Json;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StockActors.Analytics;
using StockActors.Market;
using StockActors.Node.Commands;
using StockActors.Node.Configuration;
using StockActors.Node.Ingest;
using StockActors.Node.Markets;
using StockActors.Node.Terminal;
using StockActors.Pipeline;
using StockActors.Sinks;

namespace StockActors.Node;

/// <summary>
/// What stands around a producer of ticks: broker and topic before it; behind it ingest, lake and SQL, as far as the roles ask for them; and the
/// proof, at the end, that all of them have the same ticks.
/// </summary>
internal sealed class Platform : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly IngestOptions _options;
    private readonly CompactionRun? _compaction;
    private Task? _watch;
    private IReadOnlyList<LaneTally> _lanes;

    private Platform(
        NodeSettings settings, IReadOnlySet<string> roles, IHost host, Broker broker, LogTopic topic, Lake? lake, Action<LaneStoppedException>? onLaneStopped, TextWriter told)
    {
        _options = settings.Ingest;
        (_host, Broker, Topic, Lake) = (host, broker, topic, lake);
        IsMarket = roles.Contains(ClusterOptions.Market);
        _lanes = [.. Enumerable.Range(0, topic.Lanes).Select(_ => new LaneTally())];
        Windows = [.. Enumerable.Range(0, topic.Lanes).Select(_ => broker.IsEmbedded && roles.Contains(ClusterOptions.Ingest) ? new LaneWindow(EmbeddedBroker.WindowBytes) : null)];
        if (lake is not null && roles.Contains(ClusterOptions.Ingest))
        {
            Ingest = FeedsIngest.Start(System, broker, topic, lake, settings.Ingest, OnCommitted, onLaneStopped, IsMarket ? 1 + settings.Market.Beside.Count : 1);
            _compaction = onLaneStopped is null ? null : CompactionRun.Start(lake, broker.Log, settings.Ingest, told);
        }
    }

    public Broker Broker { get; }

    public LogTopic Topic { get; }

    /// <summary>Whether this process publishes.</summary>
    public bool IsMarket { get; }

    /// <summary>The lake; <c>null</c> where no role has to do with one.</summary>
    public Lake? Lake { get; }

    /// <summary>What each lane has done since the start; a topic that is given partitions has more of them from then on.</summary>
    public IReadOnlyList<LaneTally> Lanes => Volatile.Read(ref _lanes);

    /// <summary>How far each lane may run ahead of ingest; <c>null</c> on a Kafka, which forgets nothing that fast, and where nothing is ingested.</summary>
    public IReadOnlyList<LaneWindow?> Windows { get; }

    /// <summary>The ingest; <c>null</c> where that is not this process's role.</summary>
    public FeedsIngest? Ingest { get; }

    /// <summary>The parts that run until they are stopped: one that ends by itself has failed.</summary>
    public IReadOnlyList<Task> Parts => [.. new[] { Ingest?.Completion, _watch }.OfType<Task>()];

    /// <summary>From now on the end of the run's topics, or their change, is this process's end too.</summary>
    public void Watch(RunLog log) => _watch = log.WatchAsync(_ended.Token);

    /// <summary>How many offsets are in the log and not yet in the lake.</summary>
    public long Lag => Lanes.Select((_, lane) => LagOf(lane)).Sum();

    /// <summary>The same for one lane.</summary>
    public long LagOf(int lane) => Ingest?.LagOf(lane) ?? 0;

    public ActorRegistry Actors => ActorRegistry.For(System);

    public ActorSystem System => _host.Services.GetRequiredService<ActorSystem>();

    /// <summary>Opens the lake; then, at once because each takes its time, the broker with its topic, and the actor system with what the producer adds to it.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="roles">What this process does.</param>
    /// <param name="told">Where it says what stands where.</param>
    /// <param name="producer">Adds the producer's actors; they are asked for nothing before this has returned. It is given the log as soon as that answers.</param>
    /// <param name="onLaneStopped">
    /// Told of lanes that stop for an operator to decide while the others go on, on a node that runs until it is told to end; such a node compacts
    /// too. Where it is <c>null</c>, such a lane ends the ingest.
    /// </param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<Platform> StartAsync(
        NodeSettings settings, IReadOnlySet<string> roles, TextWriter told, Action<AkkaConfigurationBuilder, Task<KafkaLog>> producer,
        Action<LaneStoppedException>? onLaneStopped, CancellationToken cancel)
    {
        var lake = roles.Contains(ClusterOptions.Ingest) || roles.Contains(ClusterOptions.Analytics) ? settings.Lake.Open() : null;
        var catalogue = lake is null ? null : await lake.DescribeAsync(cancel);
        var log = new TaskCompletionSource<KafkaLog>(TaskCreationOptions.RunContinuationsAsynchronously);
        var engine = roles.Contains(ClusterOptions.Analytics) && lake is not null ? await Queries.EngineAsync(lake, settings.Analytics, name: null, cancel) : null;
        var host = BuildHost(engine, settings.Analytics, akka => producer(akka, log.Task));
        var started = Task.Run(() => host.StartAsync(cancel), cancel);
        Broker? broker = null;
        try
        {
            broker = await Broker.StartAsync(settings.Kafka, cancel);
            var topic = await broker.Log.EnsureAsync(settings.Kafka.Topic, settings.Kafka.Lanes, cancel);
            foreach (var feed in roles.Contains(ClusterOptions.Market) ? settings.Market.Beside : [])
                await broker.Log.EnsureBesideAsync(topic, feed, cancel);
            log.SetResult(broker.Log);
            await started;
            told.WriteLine(broker.IsEmbedded
                ? $"Broker  embedded, at {broker.Kafka.BootstrapServers} (KAFKA_BOOTSTRAP_SERVERS={broker.Kafka.BootstrapServers} stockactors tail)"
                : $"Broker  {broker.Kafka.BootstrapServers}");
            told.WriteLine($"Topic   {topic.Name}, {topic.Lanes} lanes");
            if (lake is not null)
                told.WriteLine($"Lake    {lake.Location}, catalogue: {catalogue}");
            return new Platform(settings, roles, host, broker, topic, lake, onLaneStopped, told);
        }
        catch
        {
            broker?.Dispose();
            await started.ContinueWith(_ => host.StopAsync(CancellationToken.None), TaskScheduler.Default).Unwrap();
            host.Dispose();
            throw;
        }
    }

    /// <summary>A run's id: its name, and on an embedded broker also which life of the broker it is, for every start there is a new run.</summary>
    public string RunId(string name) => Broker.IsEmbedded ? $"{name}-{Topic.Id[..8]}" : name;

    /// <summary>
    /// The end: waits for the producer to have published what it made, for ingest to have brought it into the lake, and counts.
    /// </summary>
    /// <param name="produced">Completes when the producer has published what it made.</param>
    /// <param name="runId">The run that is counted.</param>
    /// <param name="result">Where the balance goes.</param>
    /// <param name="told">Where everything else goes.</param>
    /// <param name="json">Whether the balance is JSON.</param>
    /// <param name="compact">Whether the lake is compacted before it is counted.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> DrainAndProveAsync(Task produced, string runId, TextWriter result, TextWriter told, bool json, bool compact = false)
    {
        told.WriteLine(Ingest is null ? "Draining: no new ticks; what was made is published …" : "Draining: no new ticks; what was made is published and comes into the lake …");
        await ProgressLines.WhileAsync(Task.WhenAny([produced, .. Parts]).Unwrap(), told, () => $"{Lanes.Sum(l => l.Read().Emitted.Total - l.Read().Acknowledged.Total):N0} ticks to be published");
        await produced;
        if (Ingest is not null)
            await ProgressLines.WhileAsync(Ingest.FinishAsync(), told, () => $"{Lag:N0} offsets to go");
        if (compact && Lake is not null)
            told.WriteLine($"{await CompactionRun.OnceAsync(Lake, _options, CancellationToken.None):N0} partitions compacted; 'stockactors compact' deletes what they replaced");
        var balance = await BalanceAsync(runId);
        using var process = Process.GetCurrentProcess();
        var peak = process.PeakWorkingSet64 / (1024 * 1024);
        if (json)
        {
            result.WriteLine(JsonSerializer.Serialize(new { run = runId, lake = Lake?.Location, balance = balance.ToJson(), peak_mb = peak }));
        }
        else
        {
            balance.Write(result);
            result.WriteLine($"Run {runId}, peak memory {peak:N0} MB");
        }

        if (Lake is { IsDirectory: false } && balance.Counted is null && balance.Rows is not null)
            told.WriteLine("SQL is not asked of a lake on S3; 'stockactors audit --engine athena' does.");
        foreach (var difference in balance.Differences)
            told.WriteLine($"DIFFERENCE {difference}");
        told.WriteLine(balance.Differences.Count == 0 ? $"The balance holds: every tick is in {(Ingest is null ? "the log" : "the lake")} exactly once." : "The balance does NOT hold.");
        return balance.Differences.Count == 0 ? CommandHost.Ok : CommandHost.Failed;
    }

    /// <summary>Writes what has been read, and leaves the cluster in order: its lanes are handed over first.</summary>
    public async Task LeaveAsync()
    {
        await Task.WhenAll(_host.StopAsync(), Ingest?.StopAsync() ?? Task.CompletedTask);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_compaction is not null)
            await _compaction.DisposeAsync();
        if (Ingest is not null)
            await Ingest.DisposeAsync();
        await _ended.CancelAsync();
        await _host.StopAsync();
        _host.Dispose();
        Broker.Dispose();
        _ended.Dispose();
    }

    private static IHost BuildHost(IQueryEngine? engine, Configuration.AnalyticsOptions options, Action<AkkaConfigurationBuilder> producer)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<ILoggerFactory>(new StandardErrorLogging());
        builder.Services.AddAkka(MarketHost.SystemName, akka =>
        {
            akka.ConfigureLoggers(log =>
            {
                log.ClearLoggers();
                log.LogLevel = Akka.Event.LogLevel.WarningLevel;
                log.AddLoggerFactory();
            });
            producer(akka);
            if (engine is not null)
            {
                akka.WithActors((system, registry) =>
                    registry.Register<AnalyticsActor>(system.ActorOf(AnalyticsActor.Props(engine, Queries.Limits(options)), QueryGate.Analytics)));
            }
        });
        return builder.Build();
    }

    private void OnCommitted(LaneCommitted committed)
    {
        if (committed.Epoch is not { } epoch)
            return;
        TallyOf(committed.Position.Lane).Commit(epoch.Rows.Total);
        Windows.ElementAtOrDefault(committed.Position.Lane)?.Give(epoch.RecordBytes);
    }

    private LaneTally TallyOf(int lane)
    {
        lock (_gate)
        {
            if (lane >= _lanes.Count)
                Volatile.Write(ref _lanes, [.. _lanes, .. Enumerable.Range(_lanes.Count, lane + 1 - _lanes.Count).Select(_ => new LaneTally())]);
            return _lanes[lane];
        }
    }

    private async Task<Balance> BalanceAsync(string runId)
    {
        var states = Lanes.Select(lane => lane.Read()).ToList();
        var markets = states.Where(s => s.From is not null).SelectMany(s => s.From!.Markets).ToList();
        var from = TickFeeds.All.ToDictionary(feed => feed, feed => markets.Where(m => m.Next(feed) > 0).ToDictionary(m => m.Symbol, m => m.Next(feed)));
        foreach (var line in states.SelectMany(s => s.Markets))
            from[TickFeed.Ticks].TryAdd(line.Symbol, 1);
        var first = from.ToDictionary(feed => feed.Key, feed => (IReadOnlyDictionary<string, long>)feed.Value);
        TickCounts? rows = Ingest is null ? null : await CommittedRows.CountAsync(Lake!, runId, first);

        // What goes beside the ticks has a table only where it has rows.
        var kinds = Enum.GetValues<TickKind>().Where(kind => !TickFeeds.IsBeside(kind) || rows?[kind] > 0);
        return new Balance(
            states.Aggregate(default(TickCounts), (sum, s) => sum + s.Emitted),
            states.Aggregate(default(TickCounts), (sum, s) => sum + s.Acknowledged),
            rows,
            rows is not null && Lake!.IsDirectory && Actors.TryGet<AnalyticsActor>(out var analytics) ? await Queries.CountAsync(System, analytics, runId, first, kinds) : null);
    }
}
