using Akka.Streams.Dsl;
using Confluent.Kafka;
using StockActors.Market;
using StockActors.Pipeline.Clients;
using StockActors.Pipeline.Consuming;
using StockActors.Pipeline.Messages;
using StockActors.Pipeline.Settings;
using StockActors.Pipeline.Stages;

namespace StockActors.Pipeline.Dsl;

/// <summary>
/// Kafka as the beginning of a stream. Each materialization is a consumer of its own, with one thread that polls it and sleeps while nothing comes and
/// nothing is asked. Demand goes up to the partition: one that is not pulled holds up no other, and what was fetched ahead of it is bounded. A
/// partition that the group takes away is finished before it is given up: what was not pushed yet is dropped, what is in flight is waited for and
/// committed, for up to <see cref="ConsumerSettings.RevocationTimeout"/>. A record that can't be read as its type fails the stream, or is left out, as
/// <see cref="Akka.Streams.ActorAttributes.SupervisionStrategy"/> says. Errors of the log are <see cref="LogException"/>s that name topic, lane and offset.
/// </summary>
public static class KafkaConsumer
{
    /// <summary>Records; nothing is committed by the stream.</summary>
    public static Source<ConsumeResult<TKey, TValue>, IControl> PlainSource<TKey, TValue>(ConsumerSettings<TKey, TValue> settings, Subscription subscription) =>
        Source.FromGraph(new ConsumerStage<ConsumeResult<TKey, TValue>>(Sessions(settings, subscription, Plain(settings))));

    /// <summary>Records with their offsets, for a <see cref="Committer"/>.</summary>
    public static Source<CommittableMessage<TKey, TValue>, IControl> CommittableSource<TKey, TValue>(
        ConsumerSettings<TKey, TValue> settings, Subscription subscription) =>
        Source.FromGraph(new ConsumerStage<CommittableMessage<TKey, TValue>>(Sessions(settings, subscription, Committable(settings))));

    /// <summary>A source of records for each partition, from its assignment to its revocation. Materialize each once.</summary>
    public static Source<PartitionSource<ConsumeResult<TKey, TValue>>, IControl> PlainPartitionedSource<TKey, TValue>(
        ConsumerSettings<TKey, TValue> settings, Subscription subscription) => Partitioned(settings, subscription, Plain(settings));

    /// <summary>The same with offsets, for a <see cref="Committer"/>.</summary>
    public static Source<PartitionSource<CommittableMessage<TKey, TValue>>, IControl> CommittablePartitionedSource<TKey, TValue>(
        ConsumerSettings<TKey, TValue> settings, Subscription subscription) => Partitioned(settings, subscription, Committable(settings));

    /// <summary>
    /// A source of batches for each partition: what one poll round yields of it, in pooled memory, in one crossing. Whoever takes a batch off the
    /// stream disposes of it.
    /// </summary>
    public static Source<PartitionSource<RecordBatch>, IControl> BatchedPartitionedSource(
        ConsumerSettings settings, Subscription subscription) => Partitioned(settings, subscription, Batched());

    /// <summary>The same with offsets, for a <see cref="Committer"/>.</summary>
    public static Source<PartitionSource<CommittableBatch>, IControl> CommittableBatchedPartitionedSource(
        ConsumerSettings settings, Subscription subscription) =>
        Partitioned(settings, subscription, CommittableBatched());

    /// <summary>As <see cref="BatchedPartitionedSource"/>, for a stream that keeps its own account of what is done.</summary>
    /// <param name="settings">How to read.</param>
    /// <param name="subscription">What to read.</param>
    /// <param name="getOffsetsOnAssign">
    /// Asked, before anything of newly assigned partitions is read, where each starts. One that it leaves out is not read. Where the group has shared out
    /// and nothing is new for this member, it is asked of none.
    /// </param>
    /// <param name="onRevoke">Told, before partitions are given up, to finish or drop what is in flight.</param>
    public static Source<PartitionSource<RecordBatch>, IControl> BatchedPartitionedManualOffsetSource(
        ConsumerSettings settings, Subscription subscription,
        Func<IReadOnlyList<TopicPartition>, CancellationToken, Task<IReadOnlyList<TopicPartitionOffset>>> getOffsetsOnAssign, Func<IReadOnlyList<TopicPartition>, Task>? onRevoke = null) =>
        Partitioned(settings, subscription, Batched() with { OffsetsOnAssign = getOffsetsOnAssign, OnRevoke = onRevoke });

    private static Source<PartitionSource<T>, IControl> Partitioned<T>(
        ConsumerSettings settings, Subscription subscription, SessionHooks<T> hooks) =>
        Source.FromGraph(new PartitionedStage<T>(Sessions(settings, subscription, hooks)));

    private static Func<ConsumerSession<T>> Sessions<T>(ConsumerSettings settings, Subscription subscription, SessionHooks<T> hooks) =>
        () => new ConsumerSession<T>(settings, subscription, hooks, rebalances => new ConsumeClient(settings.ToConfig(), rebalances), TimeProvider.System);

    internal static SessionHooks<CommittableBatch> CommittableBatched() =>
        new((ledger, position) => new BatchReading<CommittableBatch>(ledger.Partition, position, batch => new CommittableBatch(batch, ledger)), IsTold: true);

    internal static SessionHooks<RecordBatch> Batched() =>
        new((ledger, position) => new BatchReading<RecordBatch>(ledger.Partition, position, batch => batch), IsTold: false);

    internal static SessionHooks<ConsumeResult<TKey, TValue>> Plain<TKey, TValue>(ConsumerSettings<TKey, TValue> settings)
    {
        var reader = new RecordReader<TKey, TValue>(settings);
        return new((ledger, position) => new ElementReading<ConsumeResult<TKey, TValue>>(position, (in RawRecord record) => reader.Read(ledger.Partition, record)), IsTold: false);
    }

    internal static SessionHooks<CommittableMessage<TKey, TValue>> Committable<TKey, TValue>(ConsumerSettings<TKey, TValue> settings)
    {
        var reader = new RecordReader<TKey, TValue>(settings);
        return new(
            (ledger, position) => new ElementReading<CommittableMessage<TKey, TValue>>(
                position, (in RawRecord record) => new CommittableMessage<TKey, TValue>(reader.Read(ledger.Partition, record), ledger)),
            IsTold: true);
    }
}
