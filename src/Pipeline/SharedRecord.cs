using System.Text;
using Confluent.Kafka;
using StockActors.Pipeline.Clients;
using StockActors.Pipeline.Settings;

namespace StockActors.Pipeline;

/// <summary>
/// A small record that several processes change in turn. Whoever changes it fences whoever was about to, reads what stands,
/// and commits what is to stand: so a change is always of what was read.
/// </summary>
public sealed class SharedRecord
{
    private const int Lane = 0;
    private const int MaxAttempts = 20;

    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    private readonly PublisherSettings _settings;
    private readonly KafkaLog _log;
    private readonly string _topic;
    private readonly string _part;
    private readonly string _key;

    /// <summary>Names the record; nothing is asked of the cluster yet.</summary>
    /// <param name="settings">How to publish: the transactional id is <c>prefix/topic/part</c>.</param>
    /// <param name="log">The cluster.</param>
    /// <param name="topic">The topic that it stands in.</param>
    /// <param name="part">What fences one another.</param>
    /// <param name="key">The record's key; it has a slash in it, which no run's name has.</param>
    public SharedRecord(PublisherSettings settings, KafkaLog log, string topic, string part, string key) =>
        (_settings, _log, _topic, _part, _key) = (settings, log, topic, part, key);

    /// <summary>Reads the record and, where that is wanted, puts another in its place.</summary>
    /// <param name="change">Is given what stands, <c>null</c> for nothing; gives what is to stand, or <c>null</c> to leave it. It may be called again.</param>
    /// <param name="cancel">Gives up; the change may have been made or not.</param>
    /// <returns>What stands now.</returns>
    /// <exception cref="LogException">The cluster does not answer, or others change the record without end.</exception>
    public async Task<byte[]?> ChangeAsync(Func<byte[]?, byte[]?> change, CancellationToken cancel)
    {
        KafkaException? last = null;
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            cancel.ThrowIfCancellationRequested();
            using var client = new LaneClient(_settings.ToConfig(_topic, _part));
            try
            {
                await Task.Run(() => client.InitTransactions(CallTimeout), CancellationToken.None);
                var found = await ProgressReader.NewestAsync(_log, _topic, Lane, _key, isWaiting: true, cancel);
                if (change(found) is not { } wanted)
                    return found;
                await Task.Run(() => Write(client, wanted), CancellationToken.None);
                return wanted;
            }
            catch (KafkaException e)
            {
                // Fenced by another, or its outcome unknown: what stands says which.
                last = e;
            }
        }

        throw new LogException($"The record {_key} of {_topic} can't be changed: {last!.Error.Reason}", last);
    }

    /// <summary>Writes a record that never changes, where nobody has yet.</summary>
    /// <remarks>
    /// One that stands is read without waiting for transactions that are open: those of a publisher that was killed or sleeps are until they time out, and
    /// whoever takes its lanes over ends them, which comes after this.
    /// </remarks>
    /// <param name="mine">Makes what is to stand where nothing does; asked only there.</param>
    /// <param name="cancel">Gives up; it may have been written or not.</param>
    /// <returns>What stands, whoever has written it.</returns>
    /// <exception cref="LogException">The cluster does not answer, or others write without end.</exception>
    public async Task<byte[]> EnsureAsync(Func<Task<byte[]>> mine, CancellationToken cancel)
    {
        if (await ProgressReader.NewestAsync(_log, _topic, Lane, _key, isWaiting: false, cancel) is { } stands)
            return stands;
        var made = await mine();
        return (await ChangeAsync(found => found is null ? made : null, cancel))!;
    }

    private void Write(LaneClient client, byte[] value)
    {
        using var record = new RecordBuffer();
        Encoding.UTF8.GetBytes(_key, record);
        record.EndKey();
        System.Buffers.BuffersExtensions.Write(record, value);
        record.EndRecord();
        client.BeginTransaction();
        client.Produce(new TopicPartition(_topic, Lane), record, 0, record.Count);
        client.CommitTransaction(CallTimeout);
    }
}
