using System.Buffers;
using System.Diagnostics;
using System.Text;
using Akka;
using Akka.Streams.Dsl;
using Confluent.Kafka;
using StockActors.Market;
using StockActors.Market.Wire;
using StockActors.Pipeline.Settings;

namespace StockActors.Pipeline;

/// <summary>
/// The one who publishes a lane: whole steps of simulated time in transactions, each of which ends with the lane's progress, so that what was
/// published and how far it reaches can never differ.
/// </summary>
public sealed class LanePublisher : IDisposable
{
    private const int MaxSteps = 1_000;
    private static readonly TimeSpan Attempt = TimeSpan.FromSeconds(2);

    private readonly PublisherSettings _settings;
    private readonly string _topic;
    private readonly int _lane;
    private readonly LaneWindow? _window;
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly ArrayBufferWriter<byte> _buffer = new(256);
    private readonly Dictionary<string, byte[]> _keys = [];
    private readonly CancellationTokenSource _disposed = new();
    private readonly Lock _transacting = new();
    private string? _lastError;

    /// <summary>Makes the publisher; nothing is sent before <see cref="FenceAsync"/>.</summary>
    /// <param name="settings">How to publish.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="lane">The partition.</param>
    /// <param name="window">Where the broker forgets: how far ahead of ingest the lane may run.</param>
    public LanePublisher(PublisherSettings settings, string topic, int lane, LaneWindow? window = null)
    {
        (_settings, _topic, _lane, _window) = (settings, topic, lane, window);
        _producer = new ProducerBuilder<byte[], byte[]>(settings.ToConfig(topic, lane))
            .SetErrorHandler((_, error) => _lastError = error.Reason)
            .SetLogHandler((_, _) => { })
            .Build();
    }

    /// <summary>The graph's end: steps in, committed transactions out, one transaction at a time.</summary>
    public Flow<TickBatch, LanePublished, NotUsed> Transactions =>
        Flow.Create<TickBatch>()
            .GroupedWeightedWithin(_settings.MaxTransactionTicks, MaxSteps, _settings.MaxTransactionAge, batch => batch.Count)
            .SelectAsync(1, PublishAsync);

    /// <summary>Takes the lane over: whoever published it before under this prefix is fenced, and what it left open is aborted.</summary>
    /// <exception cref="LogException">The cluster's transaction coordinator does not answer.</exception>
    public Task FenceAsync(CancellationToken cancel) => Task.Run(
        () =>
        {
            lock (_transacting)
                UntilKnown("take the lane over", () => _producer.InitTransactions(Attempt));
        },
        cancel).WaitAsync(cancel);

    /// <summary>Publishes steps in one transaction, and disposes of them.</summary>
    /// <exception cref="LaneFencedException">Another publisher has taken over.</exception>
    /// <exception cref="LogException">The transaction failed and was rolled back, or its outcome could not be learnt: the lane starts again.</exception>
    public async Task<LanePublished> PublishAsync(IEnumerable<TickBatch> steps)
    {
        var records = new List<Message<byte[], byte[]>>();
        var counts = default(TickCounts);
        var bytes = 0L;
        LaneProgress? progress = null;
        foreach (var step in steps)
        {
            using (step)
            {
                foreach (ref readonly var tick in step.Ticks)
                {
                    var record = new Message<byte[], byte[]> { Key = KeyOf(tick.Symbol), Value = Encode(tick) };
                    bytes += record.Key.Length + record.Value.Length;
                    records.Add(record);
                }

                counts += TickCounts.Of(step.Ticks);
                progress = step.Progress;
            }
        }

        if (_window is not null)
            await _window.TakeAsync(bytes, _disposed.Token);
        await Task.Factory.StartNew(() => Commit(records, progress!), _disposed.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        PipelineMetrics.Published.Add(counts.Total);
        return new LanePublished(progress!, counts, bytes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed.IsCancellationRequested)
            return;
        _disposed.Cancel();

        // librdkafka aborts the process where a client is destroyed in the middle of a call of its transactions.
        lock (_transacting)
            _producer.Dispose();
        _disposed.Dispose();
    }

    private void Commit(List<Message<byte[], byte[]>> records, LaneProgress progress)
    {
        var started = Stopwatch.GetTimestamp();
        using var activity = PipelineMetrics.Activities.StartActivity("publish");
        activity?.SetTag("lane", _lane);
        lock (_transacting)
        {
            _disposed.Token.ThrowIfCancellationRequested();
            Transact(records, progress);
        }

        PipelineMetrics.Transactions.Add(1);
        PipelineMetrics.CommitDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private void Transact(List<Message<byte[], byte[]>> records, LaneProgress progress)
    {
        try
        {
            _producer.BeginTransaction();
            var lane = new TopicPartition(_topic, _lane);
            foreach (var record in records)
                Produce(lane, record);
            _buffer.ResetWrittenCount();
            LaneProgressWire.Encode(progress, _buffer);
            Produce(new TopicPartition(KafkaLog.ProgressOf(_topic), _lane),
                new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(progress.RunId), Value = _buffer.WrittenSpan.ToArray() });
            UntilKnown("commit a transaction", () => _producer.CommitTransaction(Attempt));
        }
        catch (KafkaTxnRequiresAbortException e)
        {
            UntilKnown("roll a transaction back", () => _producer.AbortTransaction(Attempt));
            throw new LogException($"A transaction of lane {_lane} of {_topic} was rolled back: {e.Error.Reason}", e);
        }
        catch (KafkaException e) when (IsFenced(e.Error))
        {
            throw new LaneFencedException(_topic, _lane, e);
        }
        catch (KafkaException e)
        {
            throw new LogException($"Lane {_lane} of {_topic} can't be published: {e.Error.Reason}", e);
        }
    }

    private void Produce(TopicPartition to, Message<byte[], byte[]> record)
    {
        while (true)
        {
            try
            {
                _producer.Produce(to, record);
                return;
            }
            catch (ProduceException<byte[], byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                // The client's queue is full: its sending is what there is to wait for.
                _producer.Flush(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    /// <summary>A step of a transaction whose outcome is unknown is repeated as it is until it is known; it is never guessed.</summary>
    private void UntilKnown(string what, Action step)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                step();
                return;
            }
            catch (KafkaRetriableException e)
            {
                if (Stopwatch.GetElapsedTime(started) < _settings.OutcomeTimeout && !_disposed.IsCancellationRequested)
                    continue;
                throw new LogException(
                    $"Lane {_lane} of {_topic} could not {what} within {_settings.OutcomeTimeout.TotalSeconds:0} s: {_lastError ?? e.Error.Reason}", e);
            }
            catch (KafkaException e) when (IsFenced(e.Error))
            {
                throw new LaneFencedException(_topic, _lane, e);
            }
        }
    }

    private static bool IsFenced(Error error) =>
        error.Code is ErrorCode.Local_Fenced or ErrorCode.ProducerFenced or ErrorCode.InvalidProducerEpoch;

    private byte[] Encode(in Tick tick)
    {
        _buffer.ResetWrittenCount();
        TickEncoder.Encode(tick, _settings.Wire, _buffer);
        return _buffer.WrittenSpan.ToArray();
    }

    private byte[] KeyOf(string symbol)
    {
        if (!_keys.TryGetValue(symbol, out var key))
            _keys.Add(symbol, key = Encoding.UTF8.GetBytes(symbol));
        return key;
    }
}
