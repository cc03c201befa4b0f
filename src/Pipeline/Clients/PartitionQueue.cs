using Confluent.Kafka;
using StockActors.Pipeline.Interop;

namespace StockActors.Pipeline.Clients;

/// <summary>A partition's own queue inside librdkafka.</summary>
internal sealed unsafe class PartitionQueue(nint queue) : IPartitionQueue
{
    private const int MostAtOnce = 4096;

    private readonly Librdkafka.Message*[] _messages = new Librdkafka.Message*[MostAtOnce];
    private nint _queue = queue;

    public int Count => _queue == 0 ? 0 : (int)Librdkafka.LengthOf(_queue);

    public int Read(int atMost, IRecordSink sink)
    {
        nint count;
        fixed (Librdkafka.Message** first = _messages)
            count = Librdkafka.ConsumeBatch(_queue, 0, first, Math.Min(atMost, MostAtOnce));
        if (count <= 0)
            return 0;
        try
        {
            for (var i = 0; i < count; i++)
            {
                var message = _messages[i];
                switch (message->Error)
                {
                    case ErrorCode.NoError:
                        sink.Add(new RawRecord(message));
                        break;
                    case ErrorCode.Local_PartitionEOF:
                        sink.MoveTo(message->Offset);
                        break;
                    default:
                        sink.Fail(new Error(message->Error), Librdkafka.ErrorTextOf(message));
                        break;
                }
            }
        }
        finally
        {
            for (var i = 0; i < count; i++)
                Librdkafka.DestroyMessage(_messages[i]);
        }

        return (int)count;
    }

    public void Dispose()
    {
        if (_queue == 0)
            return;
        Librdkafka.WakeOnEvent(_queue, null, 0);
        Librdkafka.DestroyQueue(_queue);
        _queue = 0;
    }
}
