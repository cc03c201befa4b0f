using Confluent.Kafka;
using StockActors.Pipeline.Interop;

namespace StockActors.Pipeline.Clients;

/// <summary>A record in the client's memory.</summary>
internal readonly unsafe ref struct RawRecord
{
    private readonly Librdkafka.Message* _message;
    private readonly Timestamp _timestamp;
    private readonly Headers? _headers;

    /// <summary>A record in librdkafka's memory: what is not asked for is not read.</summary>
    public RawRecord(Librdkafka.Message* message)
    {
        _message = message;
        Offset = message->Offset;
        HasKey = message->Key != null;
        Key = message->KeySpan;
        HasValue = message->Payload != null;
        Value = message->ValueSpan;
    }

    /// <summary>A record in memory of one's own.</summary>
    public RawRecord(long offset, byte[]? key, byte[]? value, Timestamp timestamp = default, Headers? headers = null)
    {
        Offset = offset;
        HasKey = key is not null;
        Key = key;
        HasValue = value is not null;
        Value = value;
        (_timestamp, _headers) = (timestamp, headers);
    }

    public long Offset { get; }

    public ReadOnlySpan<byte> Key { get; }

    public bool HasKey { get; }

    public ReadOnlySpan<byte> Value { get; }

    public bool HasValue { get; }

    public Timestamp Timestamp => _message == null ? _timestamp : Librdkafka.TimestampOf(_message);

    public Headers? Headers => _message == null ? _headers : Librdkafka.HeadersOf(_message);

    public int LeaderEpoch => _message == null ? -1 : Librdkafka.LeaderEpochOf(_message);
}
