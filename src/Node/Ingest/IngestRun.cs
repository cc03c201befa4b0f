using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using StockActors.Market;
using StockActors.Node.Configuration;
using StockActors.Pipeline;
using StockActors.Pipeline.Settings;
using StockActors.Sinks;

namespace StockActors.Node.Ingest;

/// <summary>The ingest graph: the lanes that the group assigns to this node, each from the log into the lake on its own.</summary>
internal sealed class IngestRun : IAsyncDisposable
{
    /// <summary>On a broker that keeps about 5 MB of a lane, an epoch is cut well below what a publisher may run ahead.</summary>
    private const int EmbeddedFlushBytes = 1_000_000;

    private readonly Broker _broker;
    private readonly LogTopic _topic;
    private readonly Lake _lake;
    private readonly LaneOptions _options;
    private readonly Action<LaneCommitted> _committed;
    private readonly DeadLetters _dead;
    private readonly ConsumerSession _session;
    private readonly ActorMaterializer _materializer;
    private readonly ConcurrentDictionary<int, LaneWriter> _writers = [];
    private readonly Lock _gate = new();
    private readonly long[] _read;
    private long[]? _targets;

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
        _read = new long[topic.Lanes];
        _dead = new DeadLetters(broker.Kafka, topic.Name);
        _materializer = system.Materializer();
        _session = ConsumerSession.Subscribe(new ConsumerSettings(broker.Kafka, options.Group ?? $"stockactors.{lake.Name}"), topic.Name, RecoverAsync, _ => Task.CompletedTask);
        Completion = _session.Lanes
            .MergeMany(topic.Lanes, lane => lane.Records.Select(Seen).Via(LakeSink.Lane(_writers[lane.Lane])).Async())
            .RunForeach(_committed, _materializer);
    }

    /// <summary>Completes after <see cref="FinishAsync"/> or <see cref="StopAsync"/>; faulted where a lane had to stop.</summary>
    public Task Completion { get; }

    /// <summary>Joins the lake's consumer group, and ingests what it is assigned.</summary>
    public static IngestRun Start(ActorSystem system, Broker broker, LogTopic topic, Lake lake, IngestOptions options, Action<LaneCommitted> committed) =>
        new(system, broker, topic, lake, options, committed);

    /// <summary>Brings into the lake what is in the topic now, and stops.</summary>
    public async Task FinishAsync()
    {
        var targets = new long[_topic.Lanes];
        for (var lane = 0; lane < targets.Length; lane++)
            targets[lane] = (await _broker.Log.ExtentAsync(_topic.Name, lane, CancellationToken.None)).High;
        lock (_gate)
            _targets = targets;
        StopIfReached();
        await Completion;
    }

    /// <summary>Writes what has been read, and stops.</summary>
    public async Task StopAsync()
    {
        _session.Stop();
        await Completion;
    }

    public async ValueTask DisposeAsync()
    {
        _session.Stop();
        await Completion.ContinueWith(_ => { }, TaskScheduler.Default);
        await _session.DisposeAsync();
        _dead.Dispose();
        _materializer.Dispose();
    }

    /// <summary>Rule 5 of the commit protocol, before anything of a lane is read.</summary>
    private async Task<IReadOnlyList<LaneOffset>> RecoverAsync(IReadOnlyList<int> lanes, CancellationToken cancel) =>
        await Task.WhenAll(lanes.Select(async lane =>
        {
            var log = new LaneLog(_broker.Log, _topic.Name, lane, _dead, () => _session);
            var writer = new LaneWriter(_lake, log, _topic.Name, lane, Environment.MachineName, _options);
            var start = await writer.RecoverAsync(cancel);
            lock (_gate)
                _read[lane] = start.Offset;
            _writers[lane] = writer;
            return start;
        }));

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
            if (_targets is null || _targets.Zip(_read).Any(lane => lane.Second < lane.First))
                return;
        }

        _session.Stop();
    }
}
