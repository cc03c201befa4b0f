using System.Runtime.InteropServices;
using System.Text;

namespace StockActors.Market.Wire;

/// <summary>
/// Strings that come again and again, made once: a table of fixed size from UTF-8 to string. A text whose places are all taken takes the
/// place of another, so foreign data can cost allocations but never memory.
/// </summary>
internal sealed class StringPool
{
    private const int Places = 8;
    private const int MaxPooledBytes = 64;

    private readonly Slot[] _slots;
    private readonly int _mask;
    private int _victim;

    /// <summary>Makes an empty pool.</summary>
    /// <param name="capacity">The most strings it keeps; a power of two, <c>8</c> or more.</param>
    public StringPool(int capacity) => (_slots, _mask) = (new Slot[capacity], capacity - 1);

    /// <summary>The string if it is pooled; <c>null</c> otherwise.</summary>
    public string? Find(ReadOnlySpan<byte> utf8)
    {
        var hash = Hash(utf8);
        for (var i = 0; i < Places; i++)
        {
            ref readonly var slot = ref _slots[(int)(hash + (uint)i) & _mask];
            if (slot.Utf8 is null)
                return null;
            if (slot.Hash == hash && utf8.SequenceEqual(slot.Utf8))
                return slot.Text;
        }

        return null;
    }

    /// <summary>Makes the string of a text that <see cref="Find"/> did not know, and keeps it unless it is long.</summary>
    /// <param name="utf8">Valid UTF-8.</param>
    public string Add(ReadOnlySpan<byte> utf8)
    {
        var text = Encoding.UTF8.GetString(utf8);
        if (utf8.Length > MaxPooledBytes)
            return text;
        var hash = Hash(utf8);
        var place = 0;
        while (place < Places && _slots[(int)(hash + (uint)place) & _mask].Utf8 is not null)
            place++;
        if (place == Places)
            place = _victim++ & (Places - 1);
        _slots[(int)(hash + (uint)place) & _mask] = new Slot(utf8.ToArray(), text, hash);
        return text;
    }

    // Eight bytes a step, the last step overlapping the one before; shorter texts are gathered from both ends.
    private static uint Hash(ReadOnlySpan<byte> utf8)
    {
        const ulong prime = 0x9e3779b97f4a7c15;
        var h = (ulong)utf8.Length * prime;
        if (utf8.Length >= 8)
        {
            var rest = utf8;
            for (; rest.Length > 8; rest = rest[8..])
                h = Mix(h ^ MemoryMarshal.Read<ulong>(rest));
            return (uint)(Mix(h ^ MemoryMarshal.Read<ulong>(utf8[^8..])) >> 32);
        }

        if (utf8.Length >= 4)
            return (uint)(Mix(h ^ MemoryMarshal.Read<uint>(utf8) ^ ((ulong)MemoryMarshal.Read<uint>(utf8[^4..]) << 32)) >> 32);
        if (utf8.Length > 0)
            h ^= utf8[0] | ((ulong)utf8[utf8.Length / 2] << 8) | ((ulong)utf8[^1] << 16);
        return (uint)(Mix(h) >> 32);

        static ulong Mix(ulong value)
        {
            value *= prime;
            return value ^ (value >> 29);
        }
    }

    private readonly record struct Slot(byte[] Utf8, string Text, uint Hash);
}
