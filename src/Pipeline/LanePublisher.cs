using System.Diagnostics.CodeAnalysis;
using System.Text;
using Akka;
using Akka.Streams.Dsl;
using Confluent.Kafka;
using StockActors.Market;
using StockActors.Market.Wire;
using StockActors.Pipeline.Clients;
using StockActors.Pipeline.Settings;

namespace StockActors.Pipeline;

/// <summary>
/// The one who publishes a lane: whole steps of simulated time in transactions, ticks and what goes beside them (<see cref="TickFeeds"/>), each of which ends
/// with what was done to the lane's markets in them and with the lane's progress, so that what was published, what it follows from and how far it reaches can never differ.
/// </summary>
public sealed class LanePublisher : IDisposable
{
    private const int MaxSteps = 1_000;
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan QueueTimeout = TimeSpan.FromMilliseconds(100);

    private readonly PublisherSettings _settings;
    private readonly string _topic;
    private readonly int _lane;
    private readonly LaneWindow? _window;
    private readonly TimeProvider _time;
    private readonly ILaneClient _client;
    private readonly CancellationTokenSource _disposing = new();
    private readonly CancellationToken _disposed;
    private LaneFencedException? _fenced;
    private int _holders = 1;

    /// <summary>Makes the publisher; nothing is sent before <see cref="FenceAsync"/>.</summary>
    /// <param name="settings">How to publish.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="lane">The partition.</param>
    /// <param name="window">Where the broker forgets: how far ahead of ingest the lane may run.</param>
    public LanePublisher(PublisherSettings settings, string topic, int lane, LaneWindow? window = null)
        : this(settings, topic, lane, window, new LaneClient(settings.ToConfig(topic, $"{lane}")), TimeProvider.System)
    {
    }

    internal LanePublisher(PublisherSettings settings, string topic, int lane, LaneWindow? window, ILaneClient client, TimeProvider time)
    {
        (_settings, _topic, _lane, _window, _client, _time) = (settings, topic, lane, window, client, time);
        _disposed = _disposing.Token;
    }

    /// <summary>The graph's end: steps in, committed transactions out, one transaction at a time.</summary>
    public Flow<TickBatch, LanePublished, NotUsed> Transactions =>
        Flow.Create<TickBatch>()
            .GroupedWeightedWithin(_settings.MaxTransactionTicks, MaxSteps, _settings.MaxTransactionAge, batch => batch.Count)
            .SelectAsync(1, PublishAsync);

    /// <summary>Takes the lane over: whoever published it before under this prefix is fenced, and what it left open is aborted.</summary>
    /// <exception cref="LogException">The cluster's transaction coordinator does not answer.</exception>
    public Task FenceAsync(CancellationToken cancel) => Task.Run(
        () => Hold(() => UntilKnown("take the lane over", _client.InitTransactions)), cancel).WaitAsync(cancel);

    /// <summary>Publishes steps in one transaction, and disposes of them.</summary>
    /// <exception cref="LaneFencedException">Another publisher has taken over.</exception>
    /// <exception cref="LogException">The transaction failed and was rolled back, or its outcome could not be learnt: the lane starts again.</exception>
    /// <exception cref="OperationCanceledException">The publisher was disposed of while it waited for room.</exception>
    public async Task<LanePublished> PublishAsync(IEnumerable<TickBatch> steps)
    {
        using var records = new RecordBuffer();
        var parts = new List<(string Topic, int End)>();
        var counts = default(TickCounts);
        LaneProgress? progress = null;
        var interventions = new List<Intervention>();
        IReadOnlyList<TickBatch> taken = [.. steps];
        try
        {
            foreach (var step in taken)
            {
                Encode(step, records, TickFeed.Ticks);
                counts += TickCounts.Of(step.Ticks);
                progress = step.Progress;
                interventions.AddRange(step.Interventions);
            }

            parts.Add((_topic, records.Count));
            foreach (var feed in TickFeeds.Beside.Where(feed => counts[feed] > 0))
            {
                foreach (var step in taken)
                    Encode(step, records, feed);
                parts.Add((TickFeeds.TopicOf(_topic, feed), records.Count));
            }
        }
        finally
        {
            foreach (var step in taken)
                step.Dispose();
        }

        var bytes = (long)records.Length;
        foreach (var intervention in interventions)
        {
            Encoding.UTF8.GetBytes(InterventionWire.KeyOf(intervention), records);
            records.EndKey();
            InterventionWire.Encode(intervention, records);
            records.EndRecord();
        }

        Encoding.UTF8.GetBytes(progress!.RunId, records);
        records.EndKey();
        LaneProgressWire.Encode(progress, records);
        records.EndRecord();

        // The progress is the last record, so that it is never there without the ticks it tells of.
        parts.Add((KafkaLog.ProgressOf(_topic), records.Count));

        if (_window is not null)
            await _window.TakeAsync(bytes, _disposed);
        await Task.Factory.StartNew(() => Hold(() => Publish(records, parts)), _disposed, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        PipelineMetrics.Published.Add(counts.Total);
        return new LanePublished(progress, counts, bytes, interventions);
    }

    /// <summary>Waits for nothing: a transaction that is under way gives up where it next waits, and what it holds is freed after it.</summary>
    public void Dispose()
    {
        if (_disposing.IsCancellationRequested)
            return;
        _disposing.Cancel();
        Release();
    }

    private void Encode(TickBatch step, RecordBuffer records, TickFeed feed)
    {
        foreach (ref readonly var tick in step.Ticks)
        {
            if (TickFeeds.Of(tick.Kind) != feed)
                continue;
            Encoding.UTF8.GetBytes(tick.Symbol, records);
            records.EndKey();
            TickEncoder.Encode(tick, _settings.Wire, records);
            records.EndRecord();
        }
    }

    private void Publish(RecordBuffer records, IReadOnlyList<(string Topic, int End)> parts)
    {
        var started = _time.GetTimestamp();
        using var activity = PipelineMetrics.Activities.StartActivity("publish");
        activity?.SetTag("lane", _lane);
        try
        {
            if (_fenced is not null)
                throw _fenced;
            Transact(records, parts);
        }
        catch (KafkaException e) when (IsFenced(e.Error))
        {
            throw _fenced = new LaneFencedException(_topic, _lane, e);
        }
        catch (KafkaException e)
        {
            throw new LogException($"Lane {_lane} of {_topic} can't be published: {e.Error.Reason}", e);
        }

        PipelineMetrics.Transactions.Add(1);
        PipelineMetrics.CommitDuration.Record(_time.GetElapsedTime(started).TotalSeconds);
    }

    private void Transact(RecordBuffer records, IReadOnlyList<(string Topic, int End)> parts)
    {
        _client.BeginTransaction();
        try
        {
            var first = 0;
            foreach (var (topic, end) in parts)
            {
                Produce(new TopicPartition(topic, _lane), records, first, end);
                first = end;
            }
        }
        catch (KafkaException e)
        {
            RollBack(e);
        }

        try
        {
            UntilKnown("commit a transaction", _client.CommitTransaction);
        }
        catch (KafkaTxnRequiresAbortException e)
        {
            RollBack(e);
        }
    }

    [DoesNotReturn]
    private void RollBack(KafkaException cause)
    {
        UntilKnown("roll a transaction back", _client.AbortTransaction);
        throw new LogException($"A transaction of lane {_lane} of {_topic} was rolled back: {cause.Error.Reason}", cause);
    }

    private void Produce(TopicPartition to, RecordBuffer records, int first, int end)
    {
        while ((first = _client.Produce(to, records, first, end)) < end)
        {
            // The client's queue is full: its sending is what there is to wait for.
            _disposed.ThrowIfCancellationRequested();
            _client.AwaitRoom(QueueTimeout);
        }
    }

    /// <summary>
    /// A step of a transaction whose outcome is unknown is repeated as it is until it is known; it is never guessed. A process that slept in one has not
    /// asked for longer because of it: it asks again, and so hears of another that has taken over.
    /// </summary>
    private void UntilKnown(string what, Action<TimeSpan> step)
    {
        var asked = TimeSpan.Zero;
        while (true)
        {
            var started = _time.GetTimestamp();
            try
            {
                step(CallTimeout);
                return;
            }
            catch (KafkaRetriableException e)
            {
                var took = _time.GetElapsedTime(started);
                asked += took < CallTimeout ? took : CallTimeout;
                if (asked < _settings.OutcomeTimeout && !_disposed.IsCancellationRequested)
                    continue;
                throw new LogException(
                    $"Lane {_lane} of {_topic} could not {what} within {_settings.OutcomeTimeout.TotalSeconds:0} s: {_client.LastError ?? e.Error.Reason}", e);
            }
            catch (KafkaException e) when (IsFenced(e.Error))
            {
                throw _fenced = new LaneFencedException(_topic, _lane, e);
            }
        }
    }

    private static bool IsFenced(Error error) =>
        error.Code is ErrorCode.Local_Fenced or ErrorCode.ProducerFenced or ErrorCode.InvalidProducerEpoch;

    /// <summary>The client is native memory: it is freed by whoever lets go of it last, never under a call that is in it.</summary>
    private void Hold(Action use)
    {
        int holders;
        do
        {
            holders = Volatile.Read(ref _holders);
            ObjectDisposedException.ThrowIf(holders == 0, this);
        }
        while (Interlocked.CompareExchange(ref _holders, holders + 1, holders) != holders);

        try
        {
            use();
        }
        finally
        {
            Release();
        }
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _holders) > 0)
            return;
        _client.Dispose();
        _disposing.Dispose();
    }
}
