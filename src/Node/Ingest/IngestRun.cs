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

    private static readonly TimeSpan StartAgainAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(2);

    private readonly Broker _broker;
    private LogTopic _topic;
    private readonly Lake _lake;
    private readonly LaneOptions _options;
    private readonly ConsumerSettings _settings;
    private readonly Action<LaneCommitted> _committed;
    private readonly DeadLetters _dead;
    private readonly ActorMaterializer _materializer;
    private readonly ILoggingAdapter _logger;
    private readonly ConcurrentDictionary<int, LaneWriter> _writers = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<int, long> _read = [];
    private readonly ConcurrentDictionary<int, long> _done = [];
    private IControl? _consumer;
    private IReadOnlyList<long>? _targets;
    private long _lastHealthy;

    private IngestRun(ActorSystem system, Broker broker, LogTopic topic, Lake lake, IngestOptions options, Action<LaneCommitted> committed)
    {
        (_broker, _topic, _lake, _committed) = (broker, topic, lake, committed);
        _options = new LaneOptions
        {
            MaxBytes = broker.IsEmbedded ? EmbeddedFlushBytes : options.FlushBytes,
            MaxAge = options.FlushInterval.Span,
            Idle = options.IdleInterval.Span,
            AllowedSkew = options.AllowedSkew.Span,
        };
        _settings = new ConsumerSettings(broker.Kafka, options.Group ?? $"stockactors.{lake.Name}");
        _dead = new DeadLetters(broker.Kafka, topic.Name);
        _materializer = system.Materializer();
        _logger = Logging.GetLogger(system, typeof(IngestRun));
        Completion = RunAsync();
    }

    /// <summary>Completes after <see cref="FinishAsync"/> or <see cref="StopAsync"/>; faulted where a lane had to stop.</summary>
    public Task Completion { get; }

    /// <summary>Joins the lake's consumer group, and ingests what it is assigned.</summary>
    public static IngestRun Start(ActorSystem system, Broker broker, LogTopic topic, Lake lake, IngestOptions options, Action<LaneCommitted> committed) =>
        new(system, broker, topic, lake, options, committed);

    /// <summary>How many offsets of a lane are in the log and not yet in the lake, as far as this node knows.</summary>
    public long LagOf(int lane) => Volatile.Read(ref _consumer)?.Metrics.FirstOrDefault(p => p.Partition.Partition.Value == lane)?.End is { } end
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
        while (true)
        {
            var started = TimeProvider.System.GetTimestamp();
            try
            {
                await ConsumeAsync(change);
                if (!change.IsCompletedSuccessfully)
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

    private LogContradictionException Changed(TopicChange change) => new(
        $"{change} What was read of it before is in the lake, {_lake.Location}. Start ingest again to take in a topic of that name from its beginning, or name another --topic.");

    /// <summary>Ingests until it is stopped, or the topic changes.</summary>
    private async Task ConsumeAsync(Task change)
    {
        var (consumer, done) = KafkaConsumer
            .BatchedPartitionedManualOffsetSource(_settings, Subscriptions.Topics(_topic.Name), RecoverAsync)
            .Via(Flow.Create<PartitionSource<RecordBatch>>()
                .MergeMany(_topic.Lanes, lane => lane.Source.Select(Seen).Via(LakeSink.Lane(_writers[lane.Partition.Partition.Value])).Async()))
            .ToMaterialized(Sink.ForEach<LaneCommitted>(Committed), Keep.Both)
            .Run(_materializer);
        _consumer = consumer;
        await using var stopping = _stop.Token.Register(consumer.Stop);
        try
        {
            if (await Task.WhenAny(done, change) == change)
                consumer.Stop();
            await done;
        }
        finally
        {
            _consumer = null;
            await consumer.Shutdown();
        }
    }

    private void Healthy() => Volatile.Write(ref _lastHealthy, TimeProvider.System.GetTimestamp());

    /// <summary>Whether it is worth another try: what went well for a while before it failed is given the whole time anew.</summary>
    private bool MayPass(Exception e, long started)
    {
        if (TimeProvider.System.GetElapsedTime(started) > GiveUpAfter)
            Healthy();
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

    /// <summary>Rule 5 of the commit protocol, before anything of a lane is read.</summary>
    private async Task<IReadOnlyList<TopicPartitionOffset>> RecoverAsync(IReadOnlyList<TopicPartition> lanes, CancellationToken cancel)
    {
        if (await _broker.Log.ChangeOfAsync(_topic, cancel) is { IsGrowth: false } change)
            throw Changed(change);
        return await Task.WhenAll(lanes.Select(async assigned =>
        {
            var lane = assigned.Partition.Value;
            var log = new LaneLog(_broker.Log, _topic.Name, lane, _dead, () => _consumer);
            var writer = new LaneWriter(_lake, log, _topic.Name, lane, Environment.MachineName, _options);
            var start = await writer.RecoverAsync(cancel);
            lock (_gate)
                _read[lane] = start.Offset;
            _done[lane] = start.Offset;
            _writers[lane] = writer;
            return new TopicPartitionOffset(assigned, start.Offset);
        }));
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
}
