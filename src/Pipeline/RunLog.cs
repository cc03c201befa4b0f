using System.Text.Json;
using Confluent.Kafka;
using StockActors.Market;
using StockActors.Market.Wire;
using StockActors.Pipeline.Settings;

namespace StockActors.Pipeline;

/// <summary>
/// A run's place in the log: the topic and its progress as they were when this process began, and what stands in them of the run, which must agree.
/// </summary>
/// <remarks>
/// Where a lane has progress of the run, no tick of the run may lie beyond it; such ticks come after those of the progress's own transaction, so only
/// what is of its time or later is looked through, and the lane's last few thousand records whatever the clocks say. Where it has none, no tick of the run may be there at all. That would cost the reading of the whole
/// lane, but for two records beside the progress: where the lanes ended when the run was begun, which is the earliest place for its ticks, and where
/// they ended when the progress itself was begun, which may be younger than the topic (it was deleted and made again): what lies before that is of
/// runs that are no longer known. In a topic that a publisher made, that is nothing.
/// </remarks>
public sealed class RunLog
{
    private const long Tail = 10_000;

    /// <summary>The ticks of a transaction are given to the client before its progress is, by no more than this.</summary>
    private static readonly TimeSpan TransactionSpread = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TellInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PollTimeout = TimeSpan.FromMilliseconds(500);

    private readonly KafkaLog _log;
    private readonly LogTopic _topic;
    private readonly string _runId;
    private readonly Marks? _marks;
    private readonly Action<string> _told;

    /// <summary>A run in a log of which every life is new, such as an embedded broker's: nothing is compared.</summary>
    public RunLog(KafkaLog log, LogTopic topic, string runId)
        : this(log, topic, runId, null, _ => { })
    {
    }

    private RunLog(KafkaLog log, LogTopic topic, string runId, Marks? marks, Action<string> told) =>
        (_log, _topic, _runId, _marks, _told) = (log, topic, runId, marks, told);

    /// <summary>A run in a log that stays.</summary>
    /// <param name="settings">How its lanes are published.</param>
    /// <param name="log">The cluster.</param>
    /// <param name="topic">The topic of the ticks, which has its progress beside it.</param>
    /// <param name="runId">The run.</param>
    /// <param name="begunAt">Where each lane ended when the run was begun: none of its ticks lies before; <c>null</c> where nobody knows.</param>
    /// <param name="beside">The topics beside the ticks' that the run publishes to.</param>
    /// <param name="told">Is told how far a look through a lane has come, where it takes longer than a moment.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<RunLog> OpenAsync(
        PublisherSettings settings, KafkaLog log, LogTopic topic, string runId, IReadOnlyList<long>? begunAt, IReadOnlyList<LogTopic> beside, Action<string> told,
        CancellationToken cancel)
    {
        var progress = await log.RequireAsync(KafkaLog.ProgressOf(topic.Name), cancel);
        var kept = await new SharedRecord(settings, log, progress.Name, "kept", $"kept/{topic.Id}")
            .EnsureAsync(async () => JsonSerializer.SerializeToUtf8Bytes(await log.EndsAsync(topic, cancel)), cancel);
        return new RunLog(log, topic, runId, new Marks([topic, progress, .. beside], JsonSerializer.Deserialize<long[]>(kept)!, begunAt), told);
    }

    /// <summary>How far a lane of the run has been published, once its publisher has fenced whoever did before.</summary>
    /// <exception cref="LogContradictionException">The topics are not what they were, or have ticks of the run that its progress does not know of.</exception>
    /// <exception cref="LogException">The log can't be read.</exception>
    public async Task<LanePast> PastAsync(int lane, CancellationToken cancel)
    {
        if (_marks is not { } marks)
            return await ProgressReader.ReadAsync(_log, _topic.Name, lane, _runId, cancel);
        foreach (var topic in marks.Topics)
        {
            if (await _log.ChangeOfAsync(topic, cancel) is { } change)
                throw Changed(change);
        }

        var past = await ProgressReader.ReadAsync(_log, _topic.Name, lane, _runId, cancel);
        var (low, high) = await _log.ExtentAsync(_topic.Name, lane, cancel);
        var from = past.Progress is not null
            ? Math.Min(await _log.OffsetAtAsync(_topic.Name, lane, past.At - TransactionSpread, cancel) ?? high, high - Tail)
            : marks.BegunAt?[lane] ?? high;
        var unknown = past.Progress is null ? Math.Min(high, marks.Kept.ElementAtOrDefault(lane)) : low;
        await Task.Factory.StartNew(() =>
        {
            Compare(lane, past.Progress, low, unknown, cancel);
            Compare(lane, past.Progress, Math.Max(from, unknown), high, cancel);
        }, cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return past;
    }

    /// <summary>Looks at the run's topics every 2 s; never completes but with the error that one of them is not what it was.</summary>
    /// <exception cref="LogContradictionException">A topic was deleted, made again, or has other partitions.</exception>
    public async Task WatchAsync(CancellationToken cancel)
    {
        if (_marks is not { } marks)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
            return;
        }

        throw Changed(await await Task.WhenAny(marks.Topics.Select(topic => _log.UntilChangedAsync(topic, cancel))));
    }

    private LogContradictionException Changed(TopicChange change) => new(
        $"{change} " + (change.IsGrowth
            ? $"A symbol's lane follows from their number, so run {_runId} can't go on in it. Start another run with --run, or name another --topic."
            : $"Run {_runId} has stopped: its ticks or its progress are gone. Start another run with --run, or name another --topic."));

    private void Compare(int lane, LaneProgress? progress, long from, long end, CancellationToken cancel)
    {
        if (from >= end)
            return;
        var next = progress?.Markets.ToDictionary(market => market.Symbol, market => market.NextSequence, StringComparer.Ordinal) ?? [];
        var decoder = new TickDecoder();
        var told = TimeProvider.System.GetTimestamp();
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerSettings(_log.Settings, "stockactors-progress").ToConfig())
            .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
        consumer.Assign(new TopicPartitionOffset(_topic.Name, lane, from));
        try
        {
            for (var offset = from; offset < end;)
            {
                cancel.ThrowIfCancellationRequested();
                if (TimeProvider.System.GetElapsedTime(told) > TellInterval)
                {
                    _told($"  lane {lane}: looking for ticks of run {_runId} that its progress does not know of, {offset - from:N0} of {end - from:N0} offsets done");
                    told = TimeProvider.System.GetTimestamp();
                }

                if (consumer.Consume(PollTimeout) is not { } found)
                    continue;
                // Behind the last committed record there may be markers and what was rolled back: its end is where the reader ends.
                offset = found.IsPartitionEOF ? found.Offset.Value : found.Offset.Value + 1;
                if (!found.IsPartitionEOF && decoder.TryDecode(found.Message.Value, out var tick, out _) && tick.RunId == _runId
                    && tick.Sequence >= next.GetValueOrDefault(tick.Symbol, 1))
                {
                    throw Contradicted(lane, tick, found.Offset.Value, progress is null ? null : next.GetValueOrDefault(tick.Symbol, 1));
                }
            }
        }
        catch (KafkaException e)
        {
            throw new LogException($"Lane {lane} of {_topic.Name} can't be compared with the progress of run {_runId}: {e.Error.Reason}", e);
        }
        finally
        {
            consumer.Close();
        }
    }

    private LogContradictionException Contradicted(int lane, in Tick tick, long offset, long? next) => new(
        $"Lane {lane} of {_topic.Name} has {tick.Symbol}'s sequence {tick.Sequence} of run {_runId} at offset {offset}, and {KafkaLog.ProgressOf(_topic.Name)} "
        + (next is null ? "has no progress of the run in this lane" : $"says that {next} is the next")
        + ": its progress was lost or set back. To go on would publish sequences twice. Restore the progress, or start another run with --run.");

    /// <param name="Topics">The topic of the ticks, that of the progress, and those beside them.</param>
    /// <param name="Kept">Where the lanes ended when it was begun.</param>
    /// <param name="BegunAt">Where they ended when the run was.</param>
    private sealed record Marks(IReadOnlyList<LogTopic> Topics, IReadOnlyList<long> Kept, IReadOnlyList<long>? BegunAt);
}
