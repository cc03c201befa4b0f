using Confluent.Kafka;
using StockActors.Market.Wire;
using StockActors.Pipeline.Settings;

namespace StockActors.Pipeline;

/// <summary>Reads how far a lane of a run has been published, and what was done to its markets.</summary>
public static class ProgressReader
{
    /// <summary>
    /// The run's newest committed progress, or <c>null</c> where it has none, and the interventions that it follows from, in their order. Read up to the
    /// high watermark as an uncommitted reader sees it: where a stranger's open transaction holds the last stable offset back, it waits for it rather than
    /// miss what stands behind.
    /// </summary>
    /// <param name="log">The cluster.</param>
    /// <param name="topic">The topic of the ticks.</param>
    /// <param name="lane">The partition.</param>
    /// <param name="runId">The run.</param>
    /// <param name="cancel">Gives up waiting.</param>
    /// <exception cref="LogException">The progress can't be read, or was written by a newer build.</exception>
    public static async Task<LanePast> ReadAsync(KafkaLog log, string topic, int lane, string runId, CancellationToken cancel)
    {
        Message<byte[], byte[]>? newest = null;
        var interventions = new OrderedDictionary<string, byte[]>();
        var keys = InterventionWire.KeysOf(runId);
        await ScanAsync(log, KafkaLog.ProgressOf(topic), lane, isWaiting: true, (key, record) =>
        {
            if (key == runId)
                newest = record;
            else if (key.StartsWith(keys, StringComparison.Ordinal))
                interventions[key] = record.Value;
        }, cancel);
        try
        {
            return new LanePast(
                newest is null ? null : LaneProgressWire.Decode(newest.Value), [.. interventions.Values.Select(value => InterventionWire.Decode(value))],
                newest?.Timestamp.UtcDateTime ?? default);
        }
        catch (FormatException e)
        {
            throw new LogException($"The progress of run {runId} in lane {lane} of {KafkaLog.ProgressOf(topic)} is not understood: {e.Message}", e);
        }
    }

    /// <summary>The newest committed record of a key in a partition; <c>null</c> where there is none.</summary>
    /// <param name="log">The cluster.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="lane">The partition.</param>
    /// <param name="key">The key.</param>
    /// <param name="isWaiting">Whether it waits for open transactions, behind which another may stand.</param>
    /// <param name="cancel">Gives up waiting.</param>
    /// <exception cref="LogException">It can't be read.</exception>
    internal static async Task<byte[]?> NewestAsync(KafkaLog log, string topic, int lane, string key, bool isWaiting, CancellationToken cancel)
    {
        byte[]? newest = null;
        await ScanAsync(log, topic, lane, isWaiting, (found, record) => newest = found == key ? record.Value : newest, cancel);
        return newest;
    }

    private static async Task ScanAsync(KafkaLog log, string topic, int lane, bool isWaiting, Action<string, Message<byte[], byte[]>> found, CancellationToken cancel)
    {
        var (low, high) = await log.ExtentAsync(topic, lane, cancel);
        if (low == high)
            return;
        await Task.Factory.StartNew(() => Scan(log.Settings, topic, lane, low, isWaiting ? high : low, found, cancel), cancel,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static void Scan(
        KafkaSettings kafka, string topic, int lane, long low, long end, Action<string, Message<byte[], byte[]>> found, CancellationToken cancel)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerSettings(kafka, "stockactors-progress").ToConfig())
            .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
        consumer.Assign(new TopicPartitionOffset(topic, lane, low));
        try
        {
            while (true)
            {
                var result = consumer.Consume(cancel);
                if (!result.IsPartitionEOF)
                    found(System.Text.Encoding.UTF8.GetString(result.Message.Key ?? []), result.Message);
                else if (result.Offset.Value >= end)
                    return;
            }
        }
        catch (KafkaException e)
        {
            throw new LogException($"Lane {lane} of {topic} can't be read: {e.Error.Reason}", e);
        }
        finally
        {
            consumer.Close();
        }
    }
}
