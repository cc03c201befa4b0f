using System.Buffers;
using System.Text;
using StockActors.Market.Wire;

namespace StockActors.Market.Tests;

/// <summary>Encoding and decoding as the tests say it.</summary>
internal static class Wire
{
    // One decoder for all that a thread's tests decode, so that what one record leaves behind could show in the next.
    [ThreadStatic]
    private static TickDecoder? _threadDecoder;

    public static TickDecoder Decoder => _threadDecoder ??= new TickDecoder();

    public static byte[] Encode(Tick tick, WireFormat format = WireFormat.Protobuf)
    {
        var writer = new ArrayBufferWriter<byte>();
        TickEncoder.Encode(tick, format, writer);
        return writer.WrittenSpan.ToArray();
    }

    public static Tick Decode(byte[] value)
    {
        if (!Decoder.TryDecode(value, out var tick, out var reason))
            throw new Xunit.Sdk.XunitException($"{reason}: {Convert.ToHexString(value)}");
        return tick;
    }

    public static Tick DecodeJson(string json) => Decode(Encoding.UTF8.GetBytes(json));

    public static string ReasonOf(ReadOnlySpan<byte> value)
    {
        Assert.False(Decoder.TryDecode(value, out var tick, out var reason), $"decoded to {tick}");
        Assert.False(string.IsNullOrWhiteSpace(reason));
        return reason;
    }

    public static string ReasonOf(string json) => ReasonOf(Encoding.UTF8.GetBytes(json));
}
