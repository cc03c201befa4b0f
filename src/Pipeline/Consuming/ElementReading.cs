using System.Buffers;
using StockActors.Pipeline.Clients;

namespace StockActors.Pipeline.Consuming;

/// <summary>A record is an element.</summary>
internal sealed class ElementReading<T> : Reading<T>
{
    private const int FirstSize = 512;

    private readonly Make _make;
    private Item<T>[]? _items;
    private int _count;

    /// <param name="position">Where the partition starts; <c>null</c> for the group's own offset.</param>
    /// <param name="make">Makes an element; what it throws is the element's failure.</param>
    public ElementReading(long? position, Make make)
    {
        _make = make;
        Position = position;
    }

    public delegate T Make(in RawRecord record);

    public override void Add(in RawRecord record)
    {
        _items ??= ArrayPool<Item<T>>.Shared.Rent(FirstSize);
        if (_count == _items.Length)
        {
            var larger = ArrayPool<Item<T>>.Shared.Rent(_count * 2);
            _items.CopyTo(larger, 0);
            ArrayPool<Item<T>>.Shared.Return(_items, clearArray: true);
            _items = larger;
        }

        var next = record.Offset + 1;
        try
        {
            _items[_count++] = new Item<T>(_make(record), next);
        }
        catch (Exception e)
        {
            _items[_count - 1] = new Item<T>(default, next, e);
        }

        Position = next;
    }

    public override void MoveTo(long offset) => Position = Math.Max(Position ?? offset, offset);

    public override Chunk<T>? Take()
    {
        if (_items is not { } items)
            return null;
        var chunk = new Chunk<T>(items, _count, _count);
        (_items, _count) = (null, 0);
        return chunk;
    }
}
