using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Akka;
using Akka.Streams.Dsl;
using Confluent.Kafka;
using StockActors.Market;
using StockActors.Pipeline.Interop;
using StockActors.Pipeline.Settings;
using StockActors.Pipeline.Stages;

namespace StockActors.Pipeline;

/// <summary>
/// One consumer: a member of a group that is assigned lanes, or a reader of given lanes. One thread polls it, blocked while nothing comes and
/// nothing is asked; each lane is a source of batches with its own backpressure.
/// </summary>
/// <remarks>Materialize <see cref="Lanes"/> once. Dispose after the lanes' streams have ended: it leaves the group.</remarks>
public sealed class ConsumerSession : IAsyncDisposable
{
    private readonly ConsumerSettings _settings;
    private readonly string _topic;
    private readonly IReadOnlyList<LaneOffset>? _given;
    private readonly Func<IReadOnlyList<int>, CancellationToken, Task<IReadOnlyList<LaneOffset>>>? _offsetsOnAssign;
    private readonly Func<IReadOnlyList<int>, Task>? _onRevoke;
    private readonly Dictionary<int, LanePort> _ports = [];
    private readonly AutoResetEvent _wake = new(false);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IConsumer<Ignore, Ignore> _consumer;
    private readonly GCHandle _self;
    private Action<LanePort>? _onAssigned;
    private Action<Exception?>? _onEnd;
    private Thread? _thread;
    private Exception? _failure;
    private volatile bool _leave;

    private ConsumerSession(ConsumerSettings settings, string topic, IReadOnlyList<LaneOffset>? given,
        Func<IReadOnlyList<int>, CancellationToken, Task<IReadOnlyList<LaneOffset>>>? offsetsOnAssign, Func<IReadOnlyList<int>, Task>? onRevoke)
    {
        (_settings, _topic, _given, _offsetsOnAssign, _onRevoke) = (settings, topic, given, offsetsOnAssign, onRevoke);
        _self = GCHandle.Alloc(this);
        _consumer = new ConsumerBuilder<Ignore, Ignore>(settings.ToConfig())
            .SetPartitionsAssignedHandler((_, partitions) => Assigned(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => Revoked(partitions))
            .SetPartitionsLostHandler((_, partitions) => Revoked(partitions))
            .SetErrorHandler((_, error) => _failure = error.IsFatal ? new LogException($"The consumer of {topic} failed: {error.Reason}") : _failure)
            .SetLogHandler((_, _) => { })
            .Build();
    }

    /// <summary>A member of a consumer group: the group says which lanes it reads, <paramref name="offsetsOnAssign"/> from where.</summary>
    /// <param name="settings">How to read.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="offsetsOnAssign">Asked, before anything of newly assigned lanes is read, where each starts. A lane it leaves out is not read.</param>
    /// <param name="onRevoke">Told, before lanes are given up, to finish or drop what is in flight; waited for up to <see cref="ConsumerSettings.RevocationTimeout"/>.</param>
    public static ConsumerSession Subscribe(ConsumerSettings settings, string topic,
        Func<IReadOnlyList<int>, CancellationToken, Task<IReadOnlyList<LaneOffset>>> offsetsOnAssign, Func<IReadOnlyList<int>, Task> onRevoke) =>
        new(settings, topic, null, offsetsOnAssign, onRevoke);

    /// <summary>A reader of given lanes from given offsets, without a group.</summary>
    public static ConsumerSession Assign(KafkaSettings kafka, string topic, IReadOnlyList<LaneOffset> from) =>
        new(new ConsumerSettings(kafka, "stockactors-reader"), topic, from, null, null);

    /// <summary>The assigned lanes, each a source of its own, as they come; completes after <see cref="Stop"/>.</summary>
    public Source<LaneSource, NotUsed> Lanes => Source.FromGraph(new LanesStage(this));

    /// <summary>Commits how far a lane is done to the group.</summary>
    /// <returns>Whether the group took it: a lane that has just been revoked is no longer this member's to commit.</returns>
    /// <exception cref="LogException">The group's coordinator could not be asked.</exception>
    public async Task<bool> CommitAsync(LaneOffset done, CancellationToken cancel)
    {
        try
        {
            await Task.Run(() => _consumer.Commit([new TopicPartitionOffset(done.Topic, done.Lane, done.Offset)]), cancel);
            return true;
        }
        catch (KafkaException e) when (e.Error.Code is ErrorCode.IllegalGeneration or ErrorCode.UnknownMemberId or ErrorCode.RebalanceInProgress)
        {
            return false;
        }
        catch (KafkaException e)
        {
            throw new LogException($"The offset {done.Offset} of lane {done.Lane} of {done.Topic} can't be committed to group {_settings.GroupId}: {e.Error.Reason}", e);
        }
    }

    /// <summary>The offset behind a lane's last record as the last fetch said it; <c>null</c> before the first, or where the lane is not assigned.</summary>
    public long? EndOf(int lane)
    {
        var end = _consumer.GetWatermarkOffsets(new TopicPartition(_topic, lane)).High;
        return end.IsSpecial ? null : end.Value;
    }

    /// <summary>Reads no more: every lane's source completes after what it has. The session stays a member until it is disposed of, so that the rest can be committed.</summary>
    public void Stop()
    {
        if (!_stop.IsCancellationRequested)
            _stop.Cancel();
        _wake.Set();
    }

    /// <summary>Leaves the group and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        Stop();
        _leave = true;
        _wake.Set();
        if (_thread is not null)
            await _closed.Task;
        _consumer.Dispose();
        if (_self.IsAllocated)
            _self.Free();
        _stop.Dispose();
    }

    internal void Start(Action<LanePort> onAssigned, Action<Exception?> onEnd)
    {
        if (_thread is not null)
            throw new InvalidOperationException("A session's lanes can be materialized once.");
        (_onAssigned, _onEnd) = (onAssigned, onEnd);
        _thread = new Thread(Poll) { IsBackground = true, Name = $"consume {_topic}" };
        _thread.Start();
    }

    private unsafe void Poll()
    {
        var messages = new Librdkafka.Message*[_settings.MaxBatchRecords];
        nint main = 0;
        try
        {
            main = Librdkafka.QueueOfConsumer(Librdkafka.HandleOf(_consumer));
            Librdkafka.WakeOnEvent(main, &OnEvent, GCHandle.ToIntPtr(_self));
            if (_given is null)
                _consumer.Subscribe(_topic);
            else
                _consumer.Assign(Assigned([.. _given.Select(lane => new TopicPartition(_topic, lane.Lane))]));

            while (!_leave)
            {
                // Rebalances and errors are served here; records never are, the lanes' queues are their own.
                _consumer.Consume(TimeSpan.Zero);
                if (_failure is not null)
                    break;
                if (_stop.IsCancellationRequested)
                {
                    End(null);
                    _wake.WaitOne(TimeSpan.FromMilliseconds(100));
                    continue;
                }

                var served = false;
                foreach (var port in _ports.Values)
                    served |= port.Serve(messages);
                if (!served)
                    _wake.WaitOne(TimeSpan.FromSeconds(1));
            }
        }
        catch (Exception e)
        {
            _failure ??= e is KafkaException k ? new LogException($"Topic {_topic} can't be read: {k.Error.Reason}", e) : e;
        }
        finally
        {
            End(_failure);
            if (main != 0)
            {
                Librdkafka.WakeOnEvent(main, null, 0);
                Librdkafka.DestroyQueue(main);
            }

            foreach (var port in _ports.Values)
                port.Release();
            _ports.Clear();
            Close();
            _closed.SetResult();
        }
    }

    private void Close()
    {
        try
        {
            _consumer.Close();
        }
        catch (KafkaException)
        {
            // Leaving a group that can't be reached: it will notice by itself.
        }
    }

    private void End(Exception? cause)
    {
        foreach (var port in _ports.Values)
            port.End(cause);
        Interlocked.Exchange(ref _onEnd, null)?.Invoke(cause);
    }

    private List<TopicPartitionOffset> Assigned(List<TopicPartition> partitions)
    {
        if (partitions.Count == 0)
            return [];
        try
        {
            var lanes = partitions.ConvertAll(p => p.Partition.Value);
            var starts = _given ?? _offsetsOnAssign!(lanes, _stop.Token).GetAwaiter().GetResult();
            return [.. starts.Select(Open), .. lanes.Except(starts.Select(start => start.Lane)).Select(Shut)];
        }
        catch (Exception e)
        {
            // An exception must not travel through librdkafka: the loop ends with it right after this call.
            _failure = e;
            return [.. partitions.Select(p => new TopicPartitionOffset(p, Offset.End))];
        }
    }

    private unsafe TopicPartitionOffset Open(LaneOffset start)
    {
        var queue = Librdkafka.QueueOfPartition(Librdkafka.HandleOf(_consumer), _topic, start.Lane);
        Librdkafka.ForwardQueue(queue, 0);
        Librdkafka.WakeOnEvent(queue, &OnEvent, GCHandle.ToIntPtr(_self));
        var port = new LanePort(_topic, start.Lane, start.Offset, queue, _settings.MaxBatchRecords, () => _wake.Set());
        _ports.Add(start.Lane, port);
        _onAssigned!(port);
        return new TopicPartitionOffset(_topic, start.Lane, start.Offset);
    }

    // What is assigned cooperatively has to be taken whole. A lane that is left out is cut off like the others, and nobody reads its queue.
    private TopicPartitionOffset Shut(int lane)
    {
        var queue = Librdkafka.QueueOfPartition(Librdkafka.HandleOf(_consumer), _topic, lane);
        Librdkafka.ForwardQueue(queue, 0);
        Librdkafka.DestroyQueue(queue);
        return new TopicPartitionOffset(_topic, lane, Offset.End);
    }

    private void Revoked(List<TopicPartitionOffset> partitions)
    {
        var lanes = partitions.Select(p => p.Partition.Value).Where(_ports.ContainsKey).ToList();
        foreach (var lane in lanes)
            _ports[lane].End(null);
        try
        {
            if (lanes.Count > 0 && _onRevoke is not null)
                _onRevoke(lanes).Wait(_settings.RevocationTimeout);
        }
        catch (AggregateException e)
        {
            _failure ??= e.InnerException;
        }

        foreach (var lane in lanes)
        {
            _ports[lane].Release();
            _ports.Remove(lane);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnEvent(nint client, nint opaque)
    {
        if (GCHandle.FromIntPtr(opaque).Target is ConsumerSession session)
            session._wake.Set();
    }
}
