using Confluent.Kafka;
using StockActors.Market;
using StockActors.Market.Wire;
using StockActors.Pipeline.Settings;

namespace StockActors.Pipeline;

/// <summary>Reads how far a lane of a run has been published.</summary>
public static class ProgressReader
{
    /// <summary>
    /// The run's newest committed progress, or <c>null</c> where it has none. Read up to the high watermark as an uncommitted reader sees it: where a
    /// stranger's open transaction holds the last stable offset back, it waits for it rather than miss what stands behind.
    /// </summary>
    /// <param name="log">The cluster.</param>
    /// <param name="topic">The topic of the ticks.</param>
    /// <param name="lane">The partition.</param>
    /// <param name="runId">The run.</param>
    /// <param name="cancel">Gives up waiting.</param>
    /// <exception cref="LogException">The progress can't be read, or was written by a newer build.</exception>
    public static async Task<LaneProgress?> ReadAsync(KafkaLog log, string topic, int lane, string runId, CancellationToken cancel) =>
        (await WhenAsync(log, topic, lane, runId, cancel))?.Progress;

    /// <summary>The same, and when it was written.</summary>
    internal static async Task<(LaneProgress Progress, DateTime At)?> WhenAsync(KafkaLog log, string topic, int lane, string runId, CancellationToken cancel)
    {
        try
        {
            return await NewestAsync(log, topic, lane, runId, cancel) is { } newest ? (LaneProgressWire.Decode(newest.Value), newest.Timestamp.UtcDateTime) : null;
        }
        catch (FormatException e)
        {
            throw new LogException($"The progress of run {runId} in lane {lane} of {KafkaLog.ProgressOf(topic)} is not understood: {e.Message}", e);
        }
    }

    /// <summary>The newest committed record of a key in a partition of the topic's progress; <c>null</c> where there is none.</summary>
    /// <exception cref="LogException">The progress can't be read.</exception>
    internal static async Task<Message<byte[], byte[]>?> NewestAsync(KafkaLog log, string topic, int lane, string key, CancellationToken cancel)
    {
        var progressTopic = KafkaLog.ProgressOf(topic);
        var (low, high) = await log.ExtentAsync(progressTopic, lane, cancel);
        return low == high ? null : await Task.Factory.StartNew(() => Newest(log.Settings, progressTopic, lane, key, low, high, cancel), cancel,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static Message<byte[], byte[]>? Newest(KafkaSettings kafka, string topic, int lane, string key, long low, long high, CancellationToken cancel)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerSettings(kafka, "stockactors-progress").ToConfig())
            .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
        consumer.Assign(new TopicPartitionOffset(topic, lane, low));
        Message<byte[], byte[]>? newest = null;
        try
        {
            while (true)
            {
                var result = consumer.Consume(cancel);
                if (result.IsPartitionEOF)
                {
                    if (result.Offset.Value >= high)
                        return newest;
                }
                else if (System.Text.Encoding.UTF8.GetString(result.Message.Key ?? []) == key)
                {
                    newest = result.Message;
                }
            }
        }
        catch (KafkaException e)
        {
            throw new LogException($"The progress of lane {lane} in {topic} can't be read: {e.Error.Reason}", e);
        }
        finally
        {
            consumer.Close();
        }
    }
}
