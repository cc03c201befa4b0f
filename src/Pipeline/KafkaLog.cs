using System.Buffers.Binary;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using StockActors.Market;
using StockActors.Pipeline.Settings;

namespace StockActors.Pipeline;

/// <summary>A cluster that answers: its topics, their ids and extents.</summary>
public sealed class KafkaLog : IDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    private static readonly Dictionary<string, string> NewestOfKey = new() { ["cleanup.policy"] = "compact", ["segment.bytes"] = "16777216", ["min.cleanable.dirty.ratio"] = "0.1" };

    private readonly IAdminClient _admin;
    private readonly IConsumer<Ignore, Ignore> _reader;
    private readonly IAdminClient _readersView;
    private readonly EmbeddedBroker? _embedded;
    private readonly bool _describesTopics;

    private KafkaLog(KafkaSettings settings, IAdminClient admin, EmbeddedBroker? embedded, Metadata metadata)
    {
        Settings = settings;
        _admin = admin;
        _embedded = embedded;
        _describesTopics = EmbeddedBroker.TopicId(metadata, "") is null;
        _reader = new ConsumerBuilder<Ignore, Ignore>(settings.Configure(new ConsumerConfig
        {
            GroupId = "stockactors-extents",
            EnableAutoCommit = false,
            IsolationLevel = IsolationLevel.ReadUncommitted,
            CancellationDelayMaxMs = 25,
        })).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
        _readersView = new DependentAdminClientBuilder(_reader.Handle).Build();
    }

    /// <summary>How it is reached.</summary>
    public KafkaSettings Settings { get; }

    /// <summary>The topic in which the publishers of a topic keep their progress.</summary>
    public static string ProgressOf(string topic) => topic + ".progress";

    /// <summary>The topic of a topic's records that can't be read.</summary>
    public static string DeadOf(string topic) => topic + ".dead";

    /// <summary>Connects, and waits for the first answer.</summary>
    /// <param name="settings">Where to.</param>
    /// <param name="embedded">The embedded broker, where the settings lead to one of this process: it makes its topics itself.</param>
    /// <param name="cancel">Gives up waiting.</param>
    /// <exception cref="LogException">No broker answers within <see cref="KafkaSettings.ConnectTimeout"/>, or a property is not librdkafka's.</exception>
    public static async Task<KafkaLog> ConnectAsync(KafkaSettings settings, EmbeddedBroker? embedded, CancellationToken cancel)
    {
        string? lastError = null;
        IAdminClient admin;
        try
        {
            admin = new AdminClientBuilder(settings.Configure(new AdminClientConfig { CancellationDelayMaxMs = 25, SocketConnectionSetupTimeoutMs = Math.Max(1000, (int)settings.ConnectTimeout.TotalMilliseconds) }))
                .SetErrorHandler((_, error) => lastError = error.Reason)
                .SetLogHandler((_, log) => lastError ??= log.Message)
                .Build();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new LogException($"Kafka's client does not take this configuration: {e.Message} Check Kafka:Properties.", e);
        }

        try
        {
            var metadata = await Task.Run(() => admin.GetMetadata(settings.ConnectTimeout), cancel).WaitAsync(cancel);
            return new KafkaLog(settings, admin, embedded, metadata);
        }
        catch (KafkaException e)
        {
            admin.Dispose();
            throw new LogException(
                $"No Kafka broker answers at {settings.BootstrapServers} within {settings.ConnectTimeout.TotalSeconds:0} s ({lastError ?? e.Error.Reason}). " +
                "Start it, or correct KAFKA_BOOTSTRAP_SERVERS (or Kafka:BootstrapServers); without either, the embedded broker is used.", e);
        }
        catch
        {
            admin.Dispose();
            throw;
        }
    }

    /// <summary>The topic as it is now, or <c>null</c> where there is none.</summary>
    public async Task<LogTopic?> FindAsync(string topic, CancellationToken cancel)
    {
        if (!_describesTopics)
        {
            var metadata = await MetadataAsync(_admin, cancel);
            return metadata.Topics.FirstOrDefault(t => t.Topic == topic) is { } found && found.Error.Code != ErrorCode.UnknownTopicOrPart
                && EmbeddedBroker.TopicId(metadata, topic) is { } id ? new LogTopic(topic, id, found.Partitions.Count, IsOfOneLife: true) : null;
        }

        try
        {
            var described = await _admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]),
                new DescribeTopicsOptions { RequestTimeout = Settings.ConnectTimeout });
            var it = described.TopicDescriptions[0];
            return new LogTopic(topic, Hex(it.TopicId), it.Partitions.Count);
        }
        catch (DescribeTopicsException e) when (e.Results.TopicDescriptions is [{ Error.Code: ErrorCode.UnknownTopicOrPart }])
        {
            return null;
        }
        catch (KafkaException e)
        {
            throw new LogException($"Kafka at {Settings.BootstrapServers} does not describe topic {topic}: {e.Error.Reason}", e);
        }
    }

    /// <summary>The topic as it is now.</summary>
    /// <exception cref="LogException">There is none of that name.</exception>
    public async Task<LogTopic> RequireAsync(string topic, CancellationToken cancel) => await FindAsync(topic, cancel)
        ?? throw new LogException($"There is no topic {topic} at {Settings.BootstrapServers}. 'stockactors demo --topic {topic}' makes it, or name one that exists with --topic.");

    /// <summary>The topic, made with as many partitions where it is absent, and the topics that go with it (progress, dead letters).</summary>
    /// <param name="topic">Its name.</param>
    /// <param name="lanes">How many lanes are asked for; <c>null</c> takes an existing topic as it is and makes an absent one with 4.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="LogException">The topic exists with another number of partitions than asked for, or can't be made.</exception>
    public async Task<LogTopic> EnsureAsync(string topic, int? lanes, CancellationToken cancel)
    {
        if (await FindAsync(topic, cancel) is not { } found)
        {
            await CreateAsync(topic, lanes ?? 4, [], cancel);
            found = await WaitForAsync(topic, cancel);
        }
        else if (lanes is { } asked && asked != found.Lanes)
        {
            throw new LogException($"Topic {topic} at {Settings.BootstrapServers} has {found.Lanes} partitions, and --lanes asks for {asked}. Leave --lanes out, or name another --topic.");
        }

        await EnsureBesideAsync(ProgressOf(topic), found.Lanes, NewestOfKey, cancel);
        await EnsureDeadAsync(found, cancel);
        return found;
    }

    /// <summary>The topic of a feed beside the ticks, with that of its dead letters; made where it is absent, with as many partitions.</summary>
    /// <param name="topic">The topic of the ticks.</param>
    /// <param name="feed">The feed.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="LogException">It can't be made.</exception>
    public async Task EnsureBesideAsync(LogTopic topic, TickFeed feed, CancellationToken cancel)
    {
        var name = TickFeeds.TopicOf(topic.Name, feed);
        await EnsureBesideAsync(name, topic.Lanes, [], cancel);
        await EnsureDeadAsync(topic with { Name = name }, cancel);
    }

    /// <summary>The topic of the lease of the nodes that share a topic, made where it is absent: none of their open transactions stands before it there.</summary>
    /// <param name="topic">The topic of the ticks.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Its name.</returns>
    /// <exception cref="LogException">It can't be made.</exception>
    public async Task<string> EnsureLeaseAsync(string topic, CancellationToken cancel)
    {
        var name = topic + ".lease";
        await EnsureBesideAsync(name, 1, NewestOfKey, cancel);
        return name;
    }

    /// <summary>Makes the topic of a topic's dead letters where it is absent, with as many partitions as the topic has now.</summary>
    public Task EnsureDeadAsync(LogTopic topic, CancellationToken cancel) => EnsureBesideAsync(DeadOf(topic.Name), topic.Lanes, [], cancel);

    /// <summary>What has become of a topic since it was found; <c>null</c> where it is still the same.</summary>
    /// <exception cref="LogException">The cluster does not answer.</exception>
    public async Task<TopicChange?> ChangeOfAsync(LogTopic was, CancellationToken cancel)
    {
        if (await FindAsync(was.Name, cancel) == was)
            return null;
        // A broker that has just come up, or has not heard of a new topic yet, tells of less than there is: what is so is so a moment later.
        await Task.Delay(LookAgainAfter, cancel);
        var again = await FindAsync(was.Name, cancel);
        if (again == was)
            return null;
        // The reader of offsets knows the partitions that it was told of when it first met the topic; it is told anew.
        await MetadataAsync(_readersView, cancel);
        return new TopicChange(was, again);
    }

    /// <summary>Looks at a topic every 2 s until it is not the same any more; a cluster that does not answer is for whoever uses it to tell.</summary>
    public async Task<TopicChange> UntilChangedAsync(LogTopic was, CancellationToken cancel)
    {
        while (true)
        {
            await Task.Delay(LookInterval, cancel);
            try
            {
                if (await ChangeOfAsync(was, cancel) is { } change)
                    return change;
            }
            catch (LogException)
            {
                // Looked at again.
            }
        }
    }

    /// <summary>
    /// The lanes of a topic that a group still holds for members whose processes have ended on this machine: the broker notices that only when their
    /// session times out. Where it can't be known there are none, and one waits for the broker.
    /// </summary>
    public async Task<IReadOnlyList<int>> OrphansAsync(LogTopic topic, string group, CancellationToken cancel)
    {
        if (!_describesTopics)
            return [];
        try
        {
            // Not DescribeConsumerGroups: where the coordinator does not answer in time, librdkafka ends the process when it comes back.
            var members = (await Task.Run(() => _admin.ListGroup(group, LookInterval), cancel))?.Members ?? [];
            var dead = members.Where(member => MemberProcess.Of(member.ClientId) is { HasEnded: true }).ToList();
            if (dead.Count == members.Count)
                return members.Count == 0 ? [] : [.. Enumerable.Range(0, topic.Lanes)];
            // While a group shares out anew it does not say who had what.
            return [.. dead.SelectMany(member => AssignedOf(member.MemberAssignment, topic.Name)).Where(lane => lane < topic.Lanes)];
        }
        catch (KafkaException)
        {
            return [];
        }
    }

    /// <summary>The end of every lane of a topic now: the high watermark, exclusive.</summary>
    public async Task<IReadOnlyList<long>> EndsAsync(LogTopic topic, CancellationToken cancel) =>
        [.. (await Task.WhenAll(Enumerable.Range(0, topic.Lanes).Select(lane => ExtentAsync(topic.Name, lane, cancel)))).Select(extent => extent.High)];

    /// <summary>The first offset of a lane whose record is of a time or later; <c>null</c> where there is none.</summary>
    public async Task<long?> OffsetAtAsync(string topic, int lane, DateTime time, CancellationToken cancel)
    {
        try
        {
            var found = await ReadAsync(() => _reader.OffsetsForTimes([new TopicPartitionTimestamp(topic, lane, new Timestamp(time))], Settings.ConnectTimeout), cancel);
            return found[0].Offset.Value is >= 0 and var offset ? offset : null;
        }
        catch (KafkaException e)
        {
            throw new LogException($"Kafka at {Settings.BootstrapServers} does not tell where {time:O} lies in lane {lane} of {topic}: {e.Error.Reason}", e);
        }
    }

    /// <summary>The offsets a lane holds now: from the first that retention has left to the high watermark, exclusive.</summary>
    public async Task<(long Low, long High)> ExtentAsync(string topic, int lane, CancellationToken cancel)
    {
        try
        {
            var offsets = await ReadAsync(() => _reader.QueryWatermarkOffsets(new TopicPartition(topic, lane), Settings.ConnectTimeout), cancel);
            return (offsets.Low.Value, offsets.High.Value);
        }
        catch (KafkaException e)
        {
            throw new LogException($"Kafka at {Settings.BootstrapServers} does not tell the offsets of lane {lane} of {topic}: {e.Error.Reason}", e);
        }
    }

    /// <summary>
    /// Whether a lane still has what was read up to a position under a leader's epoch (KIP-320): a reader that begins there is told by the client
    /// library if that epoch ended below it.
    /// </summary>
    /// <param name="position">Up to where it was read; not beyond the lane's end.</param>
    /// <param name="leaderEpoch">The leader's epoch of the last record read.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="LogException">The broker does not say within <see cref="KafkaSettings.ConnectTimeout"/>.</exception>
    public Task<bool> HoldsAsync(LaneOffset position, int leaderEpoch, CancellationToken cancel) => Task.Run(
        () =>
        {
            using var reader = new ConsumerBuilder<Ignore, Ignore>(Settings.Configure(new ConsumerConfig
            {
                GroupId = "stockactors-extents",
                EnableAutoCommit = false,
                EnablePartitionEof = true,
                AutoOffsetReset = AutoOffsetReset.Error,
                IsolationLevel = IsolationLevel.ReadUncommitted,
                FetchWaitMaxMs = 10,
            })).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
            try
            {
                reader.Assign(new TopicPartitionOffset(new TopicPartition(position.Topic, position.Lane), position.Offset, leaderEpoch));
                if (reader.Consume(Settings.ConnectTimeout) is not null)
                    return true;
                throw new LogException(
                    $"Kafka at {Settings.BootstrapServers} does not say within {Settings.ConnectTimeout.TotalSeconds:0} s whether lane {position.Lane} of {position.Topic} still has offset {position.Offset}.");
            }
            catch (ConsumeException e) when (e.Error.Code is ErrorCode.Local_LogTruncation or ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange)
            {
                return false;
            }
            catch (KafkaException e)
            {
                throw new LogException($"Kafka at {Settings.BootstrapServers} does not say whether lane {position.Lane} of {position.Topic} still has offset {position.Offset}: {e.Error.Reason}", e);
            }
        },
        cancel);

    /// <inheritdoc/>
    public void Dispose()
    {
        // Each waits for threads of its own; the view polls by the reader's.
        Parallel.Invoke(_admin.Dispose, () =>
        {
            _readersView.Dispose();
            _reader.Dispose();
        });
    }

    /// <summary>A topic that goes with another has as many partitions as it is asked for, also where that is more than it was made with.</summary>
    private async Task EnsureBesideAsync(string name, int lanes, Dictionary<string, string> configs, CancellationToken cancel)
    {
        if (await FindAsync(name, cancel) is not { } found)
        {
            await CreateAsync(name, lanes, configs, cancel);
            await WaitForAsync(name, cancel);
        }
        else if (found.Lanes < lanes)
        {
            await GrowAsync(name, lanes, cancel);
        }
    }

    private async Task GrowAsync(string topic, int partitions, CancellationToken cancel)
    {
        try
        {
            await _admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = partitions }],
                new CreatePartitionsOptions { RequestTimeout = Settings.ConnectTimeout }).WaitAsync(cancel);
        }
        catch (CreatePartitionsException e) when (e.Results.All(r => r.Error.Code == ErrorCode.InvalidPartitions))
        {
            // Another node did it between the look and the doing.
        }
        catch (KafkaException e)
        {
            var reason = e is CreatePartitionsException c ? c.Results[0].Error.Reason : e.Error.Reason;
            throw new LogException($"Topic {topic} can't be given {partitions} partitions at {Settings.BootstrapServers}: {reason} Do it as an operator would.", e);
        }
    }

    private async Task CreateAsync(string topic, int partitions, Dictionary<string, string> configs, CancellationToken cancel)
    {
        if (_embedded is not null)
        {
            _embedded.CreateTopic(topic, partitions);
            return;
        }

        try
        {
            await _admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, Configs = configs }],
                new CreateTopicsOptions { RequestTimeout = Settings.ConnectTimeout }).WaitAsync(cancel);
        }
        catch (CreateTopicsException e) when (e.Results.All(r => r.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            // Another node made it between the look and the making.
        }
        catch (KafkaException e)
        {
            var reason = e is CreateTopicsException c ? c.Results[0].Error.Reason : e.Error.Reason;
            throw new LogException($"Topic {topic} can't be made at {Settings.BootstrapServers}: {reason} Make it as an operator would, with {partitions} partitions.", e);
        }
    }

    /// <summary>
    /// Asks of the reader, which keeps for a quarter of an hour what it was told of a topic's partitions: where a broker that had just come up told it of
    /// less than there is, it is told anew.
    /// </summary>
    private async Task<T> ReadAsync<T>(Func<T> ask, CancellationToken cancel)
    {
        try
        {
            return await Task.Run(ask, cancel);
        }
        catch (KafkaException e) when (e.Error.Code == ErrorCode.Local_UnknownPartition)
        {
            await MetadataAsync(_readersView, cancel);
            return await Task.Run(ask, cancel);
        }
    }

    private async Task<Metadata> MetadataAsync(IAdminClient asked, CancellationToken cancel)
    {
        try
        {
            return await Task.Run(() => asked.GetMetadata(Settings.ConnectTimeout), cancel);
        }
        catch (KafkaException e)
        {
            throw new LogException($"Kafka at {Settings.BootstrapServers} does not answer: {e.Error.Reason}", e);
        }
    }

    /// <summary>The partitions of a topic that a member was given, from ConsumerProtocolAssignment: a version, then every topic's name and partitions.</summary>
    private static List<int> AssignedOf(ReadOnlySpan<byte> assignment, string topic)
    {
        var lanes = new List<int>();
        if (assignment.IsEmpty)
            return lanes;
        var topics = BinaryPrimitives.ReadInt32BigEndian(assignment[2..]);
        assignment = assignment[6..];
        for (var i = 0; i < topics; i++)
        {
            var length = BinaryPrimitives.ReadInt16BigEndian(assignment);
            var isOurs = assignment.Slice(2, length).SequenceEqual(Encoding.UTF8.GetBytes(topic));
            assignment = assignment[(2 + length)..];
            var count = BinaryPrimitives.ReadInt32BigEndian(assignment);
            for (var k = 0; isOurs && k < count; k++)
                lanes.Add(BinaryPrimitives.ReadInt32BigEndian(assignment[(4 + 4 * k)..]));
            assignment = assignment[(4 + 4 * count)..];
        }

        return lanes;
    }

    /// <summary>A topic that was just made is in the metadata of every broker a moment later.</summary>
    private async Task<LogTopic> WaitForAsync(string topic, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Settings.ConnectTimeout);
        try
        {
            while (true)
            {
                if (await FindAsync(topic, limit.Token) is { } found)
                    return found;
                await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new LogException($"Topic {topic} was made at {Settings.BootstrapServers}, but is not in its metadata after {Settings.ConnectTimeout.TotalSeconds:0} s.");
        }
    }

    private static string Hex(Uuid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, id.MostSignificantBits);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], id.LeastSignificantBits);
        return Convert.ToHexStringLower(bytes);
    }
}
