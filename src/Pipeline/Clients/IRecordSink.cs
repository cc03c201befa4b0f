using Confluent.Kafka;

namespace StockActors.Pipeline.Clients;

/// <summary>Takes a partition's records in the order of their offsets.</summary>
internal interface IRecordSink
{
    /// <summary>A record; its memory is the client's, and gone after the call.</summary>
    void Add(in RawRecord record);

    /// <summary>The partition has been read up to here: what lies before it and was not told carries no record.</summary>
    void MoveTo(long offset);

    /// <summary>The partition can't be read.</summary>
    void Fail(Error error, string reason);
}
