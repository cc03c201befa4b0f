using Confluent.Kafka;
using StockActors.Pipeline.Clients;

namespace StockActors.Pipeline.Consuming;

/// <summary>Makes a source's elements of one partition's records, a chunk at a time.</summary>
internal abstract class Reading<T> : IRecordSink
{
    /// <summary>The offset that is to be read next; <c>null</c> where the group's own offset is the start and nothing has been read.</summary>
    public long? Position { get; protected set; }

    /// <summary>Why the partition can't be read on.</summary>
    public (Error Error, string Reason)? Failure { get; private set; }

    public abstract void Add(in RawRecord record);

    public abstract void MoveTo(long offset);

    public void Fail(Error error, string reason) => Failure ??= (error, reason);

    /// <summary>What was made since the last call; <c>null</c> where that is nothing.</summary>
    public abstract Chunk<T>? Take();
}
