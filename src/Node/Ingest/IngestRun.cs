using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using Akka.Streams.Dsl;
using Confluent.Kafka;
using StockActors.Market;
using StockActors.Node.Configuration;
using StockActors.Pipeline;
using StockActors.Pipeline.Dsl;
using StockActors.Pipeline.Settings;
using StockActors.Sinks;

namespace StockActors.Node.Ingest;

/// <summary>The ingest graph: the lanes that the group assigns to this node, each from the log into the lake on its own.</summary>
internal sealed class IngestRun : IAsyncDisposable
{
    /// <summary>On a broker that keeps about 5 MB of a lane, an epoch is cut well below what a publisher may run ahead.</summary>
    private const int EmbeddedFlushBytes = 1_000_000;

    /// <summary>Of all lanes together; each has what it needs to be read without a pause, and no more than is of use.</summary>
    private const int FetchAheadRecords = 40_000;
    private const int LeastFetchAhead = 1_000;
    private const int MostFetchAhead = 10_000;

    /// <summary>Where it ends by itself, lanes that are read to their end are not to hold up the others.</summary>
    private static readonly TimeSpan FetchWaitToTheEnd = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan StartAgainAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly Broker _broker;
    private readonly Lake _lake;
    private readonly LaneOptions _options;
    private readonly LaneBudget _budget;
    private readonly ConsumerSettings _settings;
    private readonly Action<LaneCommitted> _committed;
    private readonly Action<LaneStoppedException>? _onStopped;
    private readonly LaneControl _control;
    private readonly ConcurrentDictionary<int, LaneStoppedException> _stopped = [];
    private readonly DeadLetters _dead;
    private readonly ActorMaterializer _materializer;
    private readonly ILoggingAdapter _logger;
    private readonly ConcurrentDictionary<int, LaneWriter> _writers = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<int, long> _read = [];
    private readonly ConcurrentDictionary<int, long> _done = [];
    private LogTopic _topic;
    private IControl? _consumer;
    private EarlyLanes? _early;
    private IReadOnlyList<long>? _targets;
    private long _lastHealthy;
    private int _resumes;

    private IngestRun(
        ActorSystem system, Broker broker, LogTopic topic, Lake lake, IngestOptions options, string group, LaneBudget budget, int topics, bool endsByItself,
        Action<LaneCommitted> committed, Action<LaneStoppedException>? onStopped)
    {
        (_broker, _topic, _lake, _committed, _onStopped) = (broker, topic, lake, committed, onStopped);
        _control = new LaneControl(lake, topic.Name, Environment.MachineName);
        _options = new LaneOptions
        {
            MaxBytes = broker.IsEmbedded ? EmbeddedFlushBytes / topics : options.FlushBytes,
            MaxPartitions = options.MaxPartitions,
            MaxAge = options.FlushInterval.Span,
            Idle = options.IdleInterval.Span,
            AllowedSkew = options.AllowedSkew.Span,
            IsLogOfOneLife = topic.IsOfOneLife,
        };
        _budget = budget;
        _settings = new ConsumerSettings(broker.Kafka, group)
        {
            FetchAheadRecords = Math.Clamp(FetchAheadRecords / topic.Lanes, LeastFetchAhead, MostFetchAhead),
        };
        if (endsByItself)
            _settings = _settings with { FetchWait = FetchWaitToTheEnd };
        _dead = new DeadLetters(broker.Kafka, topic.Name);
        _materializer = system.Materializer();
        _logger = Logging.GetLogger(system, typeof(IngestRun));
        Completion = RunAsync();
    }

    /// <summary>Completes after <see cref="FinishAsync"/> or <see cref="StopAsync"/>; faulted where a lane had to stop.</summary>
    public Task Completion { get; }

    /// <summary>Joins the lake's consumer group, and ingests what it is assigned.</summary>
    /// <param name="system">Where it runs.</param>
    /// <param name="broker">The log.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="lake">The lake.</param>
    /// <param name="options">When epochs are cut.</param>
    /// <param name="group">The consumer group.</param>
    /// <param name="budget">What the lanes of the process hold together.</param>
    /// <param name="topics">How many topics share a lane's window, on an embedded broker.</param>
    /// <param name="endsByItself">Whether it is to bring in what is there, and end.</param>
    /// <param name="committed">Told of every epoch.</param>
    /// <param name="onStopped">
    /// Told of lanes that stop for an operator to decide, while the others go on; they are tried again once <c>stockactors lane</c> has said so.
    /// Where it is <c>null</c>, the first such lane ends it all.
    /// </param>
    public static IngestRun Start(
        ActorSystem system, Broker broker, LogTopic topic, Lake lake, IngestOptions options, string group, LaneBudget budget, int topics, bool endsByItself,
        Action<LaneCommitted> committed, Action<LaneStoppedException>? onStopped = null) =>
        new(system, broker, topic, lake, options, group, budget, topics, endsByItself, committed, onStopped);

    /// <summary>The lanes that stand still for an operator to decide.</summary>
    public IReadOnlyCollection<LaneStoppedException> Stopped => [.. _stopped.Values.OrderBy(stopped => stopped.Lane)];

    /// <summary>How many offsets of a lane are in the log and not yet in the lake, as far as this node knows.</summary>
    public long LagOf(int lane) => new[] { Volatile.Read(ref _consumer), Volatile.Read(ref _early)?.Consumer }
        .SelectMany(consumer => consumer?.Metrics ?? []).FirstOrDefault(p => p.Partition.Partition.Value == lane)?.End is { } end
        ? Math.Max(0, end - _done.GetValueOrDefault(lane))
        : 0;

    /// <summary>Brings into the lake what is in the topic now, and stops.</summary>
    public async Task FinishAsync()
    {
        var asked = UntilAnsweredAsync(() => _broker.Log.EndsAsync(_topic, CancellationToken.None));
        await await Task.WhenAny(asked, Completion);
        var targets = await asked;
        lock (_gate)
            _targets = targets;
        StopIfReached();
        await Completion;
    }

    /// <summary>Writes what has been read, and stops.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Completion;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Completion.ContinueWith(_ => { }, TaskScheduler.Default);
        _dead.Dispose();
        _materializer.Dispose();
        _stop.Dispose();
    }

    /// <summary>
    /// A log that does not answer for a while, a lane that another owner has taken, and partitions that the topic is given cost nothing but a new start:
    /// every lane goes on from its chain.
    /// </summary>
    private async Task RunAsync()
    {
        Healthy();
        var change = _broker.Log.UntilChangedAsync(_topic, _stop.Token);
        await using var looking = new Timer(_ => _ = LookAsync(), null, LookEvery, LookEvery);
        while (true)
        {
            var started = TimeProvider.System.GetTimestamp();
            try
            {
                await ConsumeAsync(change);
                var resumed = Interlocked.Exchange(ref _resumes, 0) > 0;
                if (!change.IsCompletedSuccessfully && (!resumed || _stop.IsCancellationRequested))
                    return;
            }
            catch (LaneStoppedException e)
            {
                await RequireSameTopicAsync(CancellationToken.None);
                await NoteAsync(e);
                if (_onStopped is null || _stop.IsCancellationRequested)
                    throw;
            }
            catch (LaneLostException e) when (_stop.IsCancellationRequested && _targets is null)
            {
                // Its new owner goes on with it, and whoever takes the others next reads again what was not written here.
                _logger.Warning("Ingest ends: {0}", e.Message);
                return;
            }
            catch (Exception e) when (MayPass(e, started) && !_stop.IsCancellationRequested)
            {
                _logger.Warning("Ingest starts again from its chains: {0}", e.Message);
                await Task.Delay(StartAgainAfter);
            }

            if (!change.IsCompletedSuccessfully)
                continue;
            await AdoptAsync(await change);
            change = _broker.Log.UntilChangedAsync(_topic, _stop.Token);
        }
    }

    /// <summary>Partitions that the topic is given are lanes like the others; of another topic under its name there is nothing to go on with.</summary>
    private async Task AdoptAsync(TopicChange change)
    {
        if (!change.IsGrowth)
            throw Changed(change);
        _logger.Warning("{0} Ingest takes in the new lanes too.", change);
        _topic = change.Is!;
        await UntilAnsweredAsync(async () =>
        {
            await _broker.Log.EnsureDeadAsync(_topic, CancellationToken.None);
            return true;
        });
    }

    /// <summary>Of another topic under its name there is nothing to tell of single lanes.</summary>
    private async Task RequireSameTopicAsync(CancellationToken cancel)
    {
        if (await _broker.Log.ChangeOfAsync(_topic, cancel) is { IsGrowth: false } change)
            throw Changed(change);
    }

    private LogContradictionException Changed(TopicChange change) => new(
        $"{change} What was read of it before is in the lake, {_lake.Location}. 'stockactors lane show' tells how its lanes stand; 'stockactors lane accept' takes a topic of that name in from its beginning, or name another --topic.");

    /// <summary>Ingests until it is stopped, or the topic changes.</summary>
    private async Task ConsumeAsync(Task change)
    {
        _early = await TakeOverAsync();
        await using var earlyStopping = _stop.Token.Register(() => _early?.Consumer.Stop());
        var (consumer, done) = Write(KafkaConsumer.BatchedPartitionedManualOffsetSource(_settings, Subscriptions.Topics(_topic.Name), RecoverAsync))
            .ToMaterialized(Sink.ForEach<LaneCommitted>(Committed), Keep.Both)
            .Run(_materializer);
        _consumer = consumer;
        await using var stopping = _stop.Token.Register(consumer.Stop);
        try
        {
            if (await Task.WhenAny(done, change) == change)
                consumer.Stop();
            await done;
            // Where the group has not answered before the end, they write what they have read.
            if (_early is { } early && _stop.IsCancellationRequested)
                await early.Done;
        }
        finally
        {
            _consumer = null;
            await consumer.Shutdown();
            await EndEarlyAsync();
        }
    }

    private Source<LaneCommitted, IControl> Write(Source<PartitionSource<RecordBatch>, IControl> lanes) => lanes
        .Via(Flow.Create<PartitionSource<RecordBatch>>()
            .MergeMany(_topic.Lanes, lane => lane.Source.Select(Seen).Via(LakeSink.Lane(_writers[lane.Partition.Partition.Value]))));

    /// <summary>
    /// Lanes whose owner was killed on this machine are read without waiting for the group to notice, until it first says who has what. The chain
    /// arbitrates: who loses a claim leaves the lane to the group.
    /// </summary>
    private async Task<EarlyLanes?> TakeOverAsync()
    {
        var orphans = await _broker.Log.OrphansAsync(_topic, _settings.GroupId, _stop.Token);
        if (orphans.Count == 0)
            return null;
        var starts = await RecoverAsync(orphans, () => _early?.Consumer, _stop.Token);
        if (starts.Count == 0)
            return null;
        var ((consumer, end), done) = Write(KafkaConsumer.BatchedPartitionedSource(_settings, Subscriptions.AssignmentWithOffset([.. starts])))
            .ViaMaterialized(KillSwitches.Single<LaneCommitted>(), Keep.Both)
            .ToMaterialized(Sink.ForEach<LaneCommitted>(Committed), Keep.Both)
            .Run(_materializer);
        return new EarlyLanes(consumer, end, done);
    }

    /// <summary>What has been gathered of them is dropped: whoever has the lane now goes on from its chain.</summary>
    private async Task EndEarlyAsync()
    {
        if (Interlocked.Exchange(ref _early, null) is not { } early)
            return;
        early.End.Shutdown();
        await early.Consumer.Shutdown();
        // What they have met, the lane's owner meets too, and tells.
        await early.Done.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private void Healthy() => Volatile.Write(ref _lastHealthy, TimeProvider.System.GetTimestamp());

    /// <summary>Whether it is worth another try: what went well for a while before it failed is given the whole time anew.</summary>
    private bool MayPass(Exception e, long started)
    {
        if (TimeProvider.System.GetElapsedTime(started) > GiveUpAfter)
            Healthy();
        // A lake that does not answer tells so itself; who runs until told to end has time.
        if (e is LakeException { MayPass: true })
            return _onStopped is not null;
        return e is LogException and not LogContradictionException or LaneLostException && TimeProvider.System.GetElapsedTime(Volatile.Read(ref _lastHealthy)) < GiveUpAfter;
    }

    private async Task<T> UntilAnsweredAsync<T>(Func<Task<T>> ask)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (LogException e) when (MayPass(e, TimeProvider.System.GetTimestamp()))
            {
                _logger.Warning("The log is asked again: {0}", e.Message);
                await Task.Delay(StartAgainAfter);
            }
        }
    }

    /// <summary>Rule 5 of the commit protocol, before anything of a lane is read. A lane that stands still is left out, and so not read.</summary>
    private async Task<IReadOnlyList<TopicPartitionOffset>> RecoverAsync(IReadOnlyList<TopicPartition> lanes, CancellationToken cancel)
    {
        await EndEarlyAsync();
        return lanes.Count == 0 ? [] : await RecoverAsync([.. lanes.Select(lane => lane.Partition.Value)], () => _consumer, cancel);
    }

    private async Task<IReadOnlyList<TopicPartitionOffset>> RecoverAsync(IReadOnlyList<int> lanes, Func<IControl?> consumer, CancellationToken cancel)
    {
        await RequireSameTopicAsync(cancel);
        var starts = await Task.WhenAll(lanes.Select(lane => RecoverAsync(lane, consumer, cancel)));
        return [.. starts.OfType<LaneOffset>().Select(start => new TopicPartitionOffset(start.Topic, start.Lane, start.Offset))];
    }

    private async Task<LaneOffset?> RecoverAsync(int lane, Func<IControl?> consumer, CancellationToken cancel)
    {
        if (_stopped.ContainsKey(lane) && await IsNotedAsync(lane, cancel))
            return null;
        var log = new LaneLog(_broker.Log, _topic.Name, lane, _dead, consumer);
        var writer = new LaneWriter(_lake, log, _topic.Name, lane, Environment.MachineName, _options, budget: _budget);
        LaneOffset start;
        try
        {
            start = await writer.RecoverAsync(cancel);
        }
        catch (LaneStoppedException e) when (_onStopped is not null)
        {
            await NoteAsync(e);
            return null;
        }

        _stopped.TryRemove(lane, out _);
        await _control.ResumeAsync((await _broker.Log.RequireAsync(_topic.Name, cancel)).Id, lane, cancel);
        lock (_gate)
            _read[lane] = start.Offset;
        _done[lane] = start.Offset;
        _writers[lane] = writer;
        return start;
    }

    /// <summary>Word of the stop stands under the id that the topic has now, where an operator decides.</summary>
    private async Task NoteAsync(LaneStoppedException stopped)
    {
        _stopped[stopped.Lane] = stopped;
        await _control.NoteAsync((await UntilAnsweredAsync(() => _broker.Log.RequireAsync(_topic.Name, CancellationToken.None))).Id, stopped);
        _onStopped?.Invoke(stopped);
    }

    private async Task<bool> IsNotedAsync(int lane, CancellationToken cancel) =>
        await _control.IsNotedAsync((await _broker.Log.RequireAsync(_topic.Name, cancel)).Id, lane, cancel);

    /// <summary>Where an operator has decided, all lanes are recovered anew, and that one with them.</summary>
    private async Task LookAsync()
    {
        try
        {
            foreach (var lane in _stopped.Keys)
            {
                if (Volatile.Read(ref _consumer) is not { } consumer || Volatile.Read(ref _resumes) > 0 || await IsNotedAsync(lane, _stop.Token))
                    continue;
                Interlocked.Exchange(ref _resumes, 1);
                consumer.Stop();
            }
        }
        catch (Exception e) when (e is LogException or LakeException or OperationCanceledException)
        {
            // It is looked again in a moment.
        }
    }

    private void Committed(LaneCommitted committed)
    {
        Healthy();
        _done[committed.Position.Lane] = committed.Position.Offset;
        _committed(committed);
    }

    private RecordBatch Seen(RecordBatch batch)
    {
        lock (_gate)
            _read[batch.Lane] = batch.NextOffset;
        StopIfReached();
        return batch;
    }

    private void StopIfReached()
    {
        lock (_gate)
        {
            if (_targets is null || _targets.Index().Any(lane => _read.GetValueOrDefault(lane.Index) < lane.Item))
                return;
        }

        _stop.Cancel();
    }

    /// <summary>Lanes that are read before the group has given them.</summary>
    private sealed record EarlyLanes(IControl Consumer, UniqueKillSwitch End, Task Done);
}
