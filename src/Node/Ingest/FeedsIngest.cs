using Akka.Actor;
using StockActors.Market;
using StockActors.Node.Configuration;
using StockActors.Pipeline;
using StockActors.Sinks;

namespace StockActors.Node.Ingest;

/// <summary>
/// The ingest of a topic and of the topics beside it (<see cref="TickFeeds"/>), those that are there and those that are made while it runs: each is an
/// <see cref="IngestRun"/> of its own, with chains of its own, into one lake.
/// </summary>
internal sealed class FeedsIngest : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly Broker _broker;
    private readonly LogTopic _topic;
    private readonly Func<LogTopic, string, IngestRun> _start;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly CancellationTokenSource _looking = new();
    private readonly Dictionary<TickFeed, IngestRun> _beside = [];
    private readonly IngestRun _ticks;
    private IReadOnlyList<IngestRun> _runs;

    private FeedsIngest(Broker broker, LogTopic topic, Func<LogTopic, string, IngestRun> start)
    {
        (_broker, _topic, _start) = (broker, topic, start);
        _runs = [_ticks = start(topic, "")];
        Completion = RunAsync();
    }

    /// <summary>Completes after <see cref="FinishAsync"/> or <see cref="StopAsync"/>; faulted where a lane had to stop.</summary>
    public Task Completion { get; }

    /// <summary>The lanes that stand still for an operator to decide.</summary>
    public IReadOnlyCollection<LaneStoppedException> Stopped => [.. Runs.SelectMany(run => run.Stopped)];

    /// <summary>Begins with what is there.</summary>
    /// <param name="system">Where it runs.</param>
    /// <param name="broker">The log.</param>
    /// <param name="topic">The topic of the ticks.</param>
    /// <param name="lake">The lake.</param>
    /// <param name="options">When epochs are cut.</param>
    /// <param name="committed">Told of every epoch.</param>
    /// <param name="onStopped">Told of lanes that stop for an operator to decide, while the others go on; where it is <c>null</c>, the first such lane ends it all.</param>
    /// <param name="topics">How many topics share a lane's window, on an embedded broker.</param>
    /// <param name="endsByItself">Whether it is to bring in what is there, and end.</param>
    public static FeedsIngest Start(
        ActorSystem system, Broker broker, LogTopic topic, Lake lake, IngestOptions options, Action<LaneCommitted> committed,
        Action<LaneStoppedException>? onStopped = null, int topics = 1, bool endsByItself = false)
    {
        var group = options.Group ?? $"stockactors.{lake.Name}";
        var budget = new LaneBudget(options.MemoryBudgetMb * (1024L * 1024));
        return new FeedsIngest(broker, topic, (of, suffix) => IngestRun.Start(system, broker, of, lake, options, group + suffix, budget, topics, endsByItself, committed, onStopped));
    }

    /// <summary>How many offsets of a lane, in all topics, are in the log and not yet in the lake, as far as this node knows.</summary>
    public long LagOf(int lane) => Runs.Sum(run => run.LagOf(lane));

    /// <summary>Brings into the lake what is in the topics now, and stops.</summary>
    public async Task FinishAsync()
    {
        await LookUntilAnsweredAsync();
        await _looking.CancelAsync();
        await Task.WhenAll(Runs.Select(run => run.FinishAsync()));
        await Completion;
    }

    /// <summary>Writes what has been read, and stops.</summary>
    public async Task StopAsync()
    {
        await EndLookingAsync();
        await Task.WhenAll(Runs.Select(run => run.StopAsync()));
        await Completion;
    }

    public async ValueTask DisposeAsync()
    {
        await EndLookingAsync();
        // All have ended before the first gives back what they run on.
        await Task.WhenAll(Runs.Select(run => run.StopAsync().ContinueWith(_ => { }, TaskScheduler.Default)));
        foreach (var run in Runs)
            await run.DisposeAsync();
        await Completion.ContinueWith(_ => { }, TaskScheduler.Default);
        _gate.Dispose();
        _looking.Dispose();
    }

    private IReadOnlyList<IngestRun> Runs => Volatile.Read(ref _runs);

    /// <summary>The first that fails ends it all; where one ends because it was told to, so were the others.</summary>
    private async Task RunAsync()
    {
        while (!_looking.IsCancellationRequested)
        {
            try
            {
                await LookAsync();
            }
            catch (LogException)
            {
                // Looked for again; a log that does not answer is for the ticks' ingest to tell.
            }

            var pause = Task.Delay(LookEvery, _looking.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            if (await Task.WhenAny([pause, .. Runs.Select(run => run.Completion)]) is { IsFaulted: true } failed)
                await failed;
            if (_ticks.Completion.IsCompleted)
                break;
        }

        foreach (var run in Runs)
            await run.Completion;
    }

    /// <summary>Begins with the topics beside that have come to be.</summary>
    private async Task LookAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_looking.IsCancellationRequested)
                return;
            foreach (var feed in TickFeeds.Beside.Where(feed => !_beside.ContainsKey(feed)))
            {
                var name = TickFeeds.TopicOf(_topic.Name, feed);
                if (await _broker.Log.FindAsync(name, CancellationToken.None) is not { } found)
                    continue;
                await _broker.Log.EnsureDeadAsync(found, CancellationToken.None);
                _beside.Add(feed, _start(found, name[_topic.Name.Length..]));
                Volatile.Write(ref _runs, [_ticks, .. _beside.Values]);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>What the log has must be known before the end is; where it does not come back, the ticks' ingest gives up.</summary>
    private async Task LookUntilAnsweredAsync()
    {
        while (true)
        {
            try
            {
                await LookAsync();
                return;
            }
            catch (LogException) when (!_ticks.Completion.IsCompleted)
            {
                await Task.Delay(LookEvery);
            }
        }
    }

    /// <summary>What is begun is known from here on, and nothing more is.</summary>
    private async Task EndLookingAsync()
    {
        await _looking.CancelAsync();
        await _gate.WaitAsync();
        _gate.Release();
    }
}
