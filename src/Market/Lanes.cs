using System.Buffers.Binary;
using System.Text;

namespace StockActors.Market;

/// <summary>
/// Which lane a symbol lives in: <c>murmur2(symbol) mod lanes</c>, as Kafka's Java clients partition by default
/// (<c>org.apache.kafka.clients.producer.internals.BuiltInPartitioner</c>, seed 0x9747b28c).
/// </summary>
public static class Lanes
{
    private const int MaxStackBytes = 256;

    /// <summary>The lane of a symbol.</summary>
    /// <param name="symbol">The symbol.</param>
    /// <param name="lanes">How many lanes there are, 1 or more.</param>
    public static int Of(string symbol, int lanes)
    {
        var most = Encoding.UTF8.GetMaxByteCount(symbol.Length);
        var utf8 = most <= MaxStackBytes ? stackalloc byte[MaxStackBytes] : new byte[most];
        return Of(utf8[..Encoding.UTF8.GetBytes(symbol, utf8)], lanes);
    }

    /// <summary>The lane of a record key.</summary>
    /// <param name="key">The key's bytes.</param>
    /// <param name="lanes">How many lanes there are, 1 or more.</param>
    public static int Of(ReadOnlySpan<byte> key, int lanes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lanes, 1);
        return (int)((Murmur2(key) & 0x7fffffff) % (uint)lanes);
    }

    private static uint Murmur2(ReadOnlySpan<byte> data)
    {
        const uint m = 0x5bd1e995;
        var h = 0x9747b28c ^ (uint)data.Length;
        for (; data.Length >= 4; data = data[4..])
        {
            var k = BinaryPrimitives.ReadUInt32LittleEndian(data) * m;
            k ^= k >> 24;
            h = (h * m) ^ (k * m);
        }

        if (data.Length >= 3)
            h ^= (uint)data[2] << 16;
        if (data.Length >= 2)
            h ^= (uint)data[1] << 8;
        if (data.Length >= 1)
            h = (h ^ data[0]) * m;

        h ^= h >> 13;
        h *= m;
        return h ^ (h >> 15);
    }
}
