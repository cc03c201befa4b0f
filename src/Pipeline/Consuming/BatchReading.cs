using System.Buffers;
using Confluent.Kafka;
using StockActors.Market;
using StockActors.Pipeline.Clients;

namespace StockActors.Pipeline.Consuming;

/// <summary>What a poll round yields is one element: the records in pooled memory.</summary>
internal sealed class BatchReading<T> : Reading<T>
{
    private readonly TopicPartition _partition;
    private readonly Func<RecordBatch, T> _make;
    private RecordBatch? _batch;

    /// <summary>What a batch will most likely need: what the largest so far did, so that none is copied while it grows.</summary>
    private (int Bytes, int Records) _room = (64 * 1024, 512);

    public BatchReading(TopicPartition partition, long? position, Func<RecordBatch, T> make)
    {
        (_partition, _make) = (partition, make);
        Position = position;
    }

    public override void Add(in RawRecord record)
    {
        var batch = BatchAt(record.Offset);
        batch.Add(record.Offset, record.Key, record.Value, !record.HasValue);
        batch.LeaderEpoch = record.LeaderEpoch;
    }

    public override void MoveTo(long offset)
    {
        var batch = BatchAt(offset);
        batch.MoveTo(Math.Max(batch.NextOffset, offset));
    }

    public override Chunk<T>? Take()
    {
        if (_batch is not { } batch)
            return null;
        _batch = null;
        _room = (Math.Max(_room.Bytes, batch.Bytes), Math.Max(_room.Records, batch.Count));
        Position = batch.NextOffset;
        var items = ArrayPool<Item<T>>.Shared.Rent(1);
        items[0] = new Item<T>(_make(batch), batch.NextOffset);
        return new Chunk<T>(items, 1, batch.Count);
    }

    private RecordBatch BatchAt(long offset) => _batch ??= new RecordBatch(_partition.Topic, _partition.Partition.Value, Position ?? offset, _room.Bytes, _room.Records);
}
