using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using StockActors.Pipeline.Interop;

namespace StockActors.Pipeline.Clients;

/// <summary>Confluent.Kafka's consumer for the group, librdkafka's own queues and batch call on the same consumer for the records.</summary>
internal sealed unsafe class ConsumeClient : IConsumeClient
{
    private readonly AutoResetEvent _wake = new(false);
    private readonly IConsumer<Ignore, Ignore> _consumer;
    private readonly GCHandle _self;
    private readonly nint _main;

    public ConsumeClient(ConsumerConfig config, IRebalances rebalances)
    {
        _consumer = new ConsumerBuilder<Ignore, Ignore>(config)
            .SetPartitionsAssignedHandler((_, partitions) => rebalances.Assigned(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => rebalances.Revoked(partitions.ConvertAll(p => p.TopicPartition)))
            .SetPartitionsLostHandler((_, partitions) => rebalances.Lost(partitions.ConvertAll(p => p.TopicPartition)))
            .SetErrorHandler((_, error) =>
            {
                if (error.IsFatal)
                    rebalances.Failed(error);
            })
            .SetLogHandler((_, _) => { })
            .Build();
        _self = GCHandle.Alloc(this);
        _main = Librdkafka.QueueOfConsumer(Librdkafka.HandleOf(_consumer));
        Librdkafka.WakeOnEvent(_main, &OnEvent, GCHandle.ToIntPtr(_self));
    }

    public void Subscribe(IReadOnlyList<string> topics) => _consumer.Subscribe(topics);

    public void Assign(IReadOnlyList<TopicPartitionOffset> partitions) => _consumer.Assign(partitions);

    public IPartitionQueue Open(TopicPartition partition)
    {
        var queue = Librdkafka.QueueOfPartition(Librdkafka.HandleOf(_consumer), partition.Topic, partition.Partition.Value);
        Librdkafka.ForwardQueue(queue, 0);
        Librdkafka.WakeOnEvent(queue, &OnEvent, GCHandle.ToIntPtr(_self));
        return new PartitionQueue(queue);
    }

    // The partitions' queues are cut off from the consumer's: what comes here is never a record.
    public void Poll() => _consumer.Consume(TimeSpan.Zero);

    public void Wait(TimeSpan atMost) => _wake.WaitOne(atMost);

    public void Wake() => _wake.Set();

    public void Commit(IReadOnlyList<TopicPartitionOffset> offsets) => _consumer.Commit(offsets);

    public long? EndOf(TopicPartition partition)
    {
        var end = _consumer.GetWatermarkOffsets(partition).High;
        return end.IsSpecial ? null : end.Value;
    }

    public void Close() => _consumer.Close();

    public void Dispose()
    {
        Librdkafka.WakeOnEvent(_main, null, 0);
        Librdkafka.DestroyQueue(_main);
        _consumer.Dispose();
        _self.Free();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnEvent(nint client, nint opaque)
    {
        if (GCHandle.FromIntPtr(opaque).Target is ConsumeClient consumer)
            consumer._wake.Set();
    }
}
