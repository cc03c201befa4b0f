using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using StockActors.Market;
using StockActors.Node.Configuration;
using StockActors.Pipeline;
using StockActors.Simulator.Replay;

namespace StockActors.Node.Replay;

/// <summary>A file's bars on their way to the log: one reader, one publisher a lane, and the slowest of them sets the pace.</summary>
internal sealed class ReplayRun : IDisposable
{
    private const int TicksAtOnce = 1_000;

    private readonly IReadOnlyList<LanePublisher> _publishers;
    private readonly IReadOnlyList<ReplayLane> _lanes;
    private readonly SharedKillSwitch _stop = KillSwitches.Shared("replay");
    private readonly TextWriter _errors;

    private ReplayRun(Platform platform, IReadOnlyList<LanePublisher> publishers, IReadOnlyList<ReplayLane> lanes, BarFile bars, BarSynthesis? synthesis, string runId, Rate rate, TextWriter errors)
    {
        (_publishers, _lanes, _errors) = (publishers, lanes, errors);
        var rows = Source.From(bars.Rows(runId));
        if (rate.PerSecond is { } perSecond)
            rows = rows.Throttle(1, TimeSpan.FromSeconds(1 / perSecond), (int)Math.Max(1, perSecond / 10), ThrottleMode.Shaping);
        Completion = rows
            .Via(_stop.Flow<BarRow>())
            .Where(IsGood)
            .SelectMany(row => synthesis?.Ticks(row.Tick) ?? [row.Tick])
            .GroupedWithin(TicksAtOnce, TimeSpan.FromMilliseconds(50))
            .SelectMany(Split)
            .Select(batch =>
            {
                platform.Lanes[batch.Progress.Lane].Emit(batch);
                return batch;
            })
            .Via(ToLanes(publishers))
            .RunForeach(published => platform.Lanes[published.Progress.Lane].Acknowledge(published.Ticks, published.Progress.Time), platform.System.Materializer());
    }

    /// <summary>Completes when all rows are acknowledged by the log, or after <see cref="Stop"/>.</summary>
    public Task Completion { get; }

    /// <summary>Rows that were reported and left out.</summary>
    public long BadRows { get; private set; }

    /// <summary>Takes the run's lanes over, and goes on behind what they have published of it.</summary>
    /// <param name="platform">What it runs on.</param>
    /// <param name="options">How it publishes.</param>
    /// <param name="bars">The file.</param>
    /// <param name="synthesis">Makes ticks inside the bars, which are published instead of them; <c>null</c> where the bars are.</param>
    /// <param name="runId">The run.</param>
    /// <param name="rate">How many rows go in how long.</param>
    /// <param name="errors">Is told of bad rows.</param>
    /// <param name="cancel">Ends the start.</param>
    public static async Task<ReplayRun> StartAsync(
        Platform platform, PublishOptions options, BarFile bars, BarSynthesis? synthesis, string runId, Rate rate, TextWriter errors, CancellationToken cancel)
    {
        var topic = platform.Topic;
        var settings = options.On(platform.Broker.Kafka);
        var publishers = Enumerable.Range(0, topic.Lanes).Select(lane => new LanePublisher(settings, topic.Name, lane, platform.Windows[lane])).ToList();
        await Task.WhenAll(publishers.Select(p => p.FenceAsync(cancel)));
        var log = platform.Broker.IsEmbedded
            ? new RunLog(platform.Broker.Log, topic, runId)
            : await RunLog.OpenAsync(settings, platform.Broker.Log, topic, runId, null, [], errors.WriteLine, cancel);
        platform.Watch(log);
        var past = await Task.WhenAll(Enumerable.Range(0, topic.Lanes).Select(lane => log.PastAsync(lane, cancel)));
        var lanes = past.Select((found, lane) => new ReplayLane(found.Progress ?? new LaneProgress(runId, lane, 0, []))).ToList();
        for (var lane = 0; lane < lanes.Count; lane++)
            platform.Lanes[lane].Begin(lanes[lane].Progress);
        return new ReplayRun(platform, publishers, lanes, bars, synthesis, runId, rate, errors);
    }

    /// <summary>Reads no more rows; what was read is published.</summary>
    public void Stop() => _stop.Shutdown();

    public void Dispose()
    {
        foreach (var publisher in _publishers)
            publisher.Dispose();
    }

    private bool IsGood(BarRow row)
    {
        if (row.Bad is not { } bad)
            return true;
        BadRows++;
        _errors.WriteLine($"bad row: {bad}");
        return false;
    }

    private IEnumerable<TickBatch> Split(IEnumerable<Tick> ticks)
    {
        foreach (var tick in ticks)
            _lanes[Lanes.Of(tick.Symbol, _lanes.Count)].Add(tick);
        return _lanes.Select(lane => lane.Take()).OfType<TickBatch>().ToList();
    }

    private static IGraph<FlowShape<TickBatch, LanePublished>, NotUsed> ToLanes(IReadOnlyList<LanePublisher> publishers) => GraphDsl.Create(graph =>
    {
        var split = graph.Add(new Partition<TickBatch>(publishers.Count, batch => batch.Progress.Lane));
        var merge = graph.Add(new Merge<LanePublished>(publishers.Count));
        for (var lane = 0; lane < publishers.Count; lane++)
            graph.From(split.Out(lane)).Via(publishers[lane].Transactions).To(merge.In(lane));
        return new FlowShape<TickBatch, LanePublished>(split.In, merge.Out);
    });
}
