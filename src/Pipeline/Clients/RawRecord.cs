using Confluent.Kafka;
using StockActors.Pipeline.Interop;

namespace StockActors.Pipeline.Clients;

/// <summary>A record in librdkafka's memory, or one of one's own: what is not asked for is not read.</summary>
internal readonly unsafe ref struct RawRecord
{
    private readonly Librdkafka.Message* _message;
    private readonly ConsumeResult<byte[]?, byte[]?>? _own;

    public RawRecord(Librdkafka.Message* message) => _message = message;

    public RawRecord(ConsumeResult<byte[]?, byte[]?> own) => _own = own;

    public long Offset => _own is null ? _message->Offset : _own.Offset.Value;

    public ReadOnlySpan<byte> Key => _own is null ? _message->KeySpan : _own.Message.Key;

    public bool HasKey => _own is null ? _message->Key != null : _own.Message.Key is not null;

    public ReadOnlySpan<byte> Value => _own is null ? _message->ValueSpan : _own.Message.Value;

    public bool HasValue => _own is null ? _message->Payload != null : _own.Message.Value is not null;

    public Timestamp Timestamp => _own is null ? Librdkafka.TimestampOf(_message) : _own.Message.Timestamp;

    public Headers? Headers => _own is null ? Librdkafka.HeadersOf(_message) : _own.Message.Headers;

    public int LeaderEpoch => _own is null ? Librdkafka.LeaderEpochOf(_message) : _own.LeaderEpoch ?? -1;
}
