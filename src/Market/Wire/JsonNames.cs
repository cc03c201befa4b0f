using System.Text;
using System.Text.Json;

namespace StockActors.Market.Wire;

/// <summary>Which field a JSON property is: a table that is fixed when it is made, found by length and first and last bytes.</summary>
internal sealed class JsonNames
{
    // Sparse: where names of ours stand close, one that is not ours is compared with each of them, record for record.
    private const int Size = 1024;
    private const int MaxLength = 16;

    private readonly Entry[] _entries = new Entry[Size];

    /// <summary>Makes the table.</summary>
    public JsonNames(IEnumerable<(string Name, TickField Field)> names)
    {
        foreach (var (name, field) in names)
        {
            var utf8 = Encoding.UTF8.GetBytes(name);
            var place = Hash(utf8);
            while (_entries[place].Utf8 is not null)
                place = (place + 1) % Size;
            _entries[place] = new Entry(utf8, field);
        }
    }

    /// <summary>The field of the property name the reader stands at; <see cref="TickField.None"/> where it is not ours.</summary>
    public TickField Find(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return Find(reader.ValueSpan);
        if (reader.ValueSpan.Length > MaxLength * 6)
            return TickField.None;
        Span<byte> name = stackalloc byte[MaxLength * 6];
        try
        {
            return Find(name[..reader.CopyString(name)]);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: no name of ours.
            return TickField.None;
        }
    }

    /// <summary>The field of a name; <see cref="TickField.None"/> where it is not ours.</summary>
    public TickField Find(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > MaxLength)
            return TickField.None;
        for (var place = Hash(utf8); _entries[place] is { Utf8: not null } entry; place = (place + 1) % Size)
        {
            if (utf8.SequenceEqual(entry.Utf8))
                return entry.Field;
        }

        return TickField.None;
    }

    private static int Hash(ReadOnlySpan<byte> utf8) =>
        (int)(((uint)((utf8[0] << 16) | (utf8[utf8.Length / 2] << 8) | utf8[^1]) + ((uint)utf8.Length << 24)) * 0x9e3779b1 >> 22);

    private readonly record struct Entry(byte[]? Utf8, TickField Field);
}
