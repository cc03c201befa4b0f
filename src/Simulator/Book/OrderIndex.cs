using System.Numerics;
using System.Runtime.CompilerServices;

namespace StockActors.Simulator.Book;

/// <summary>
/// Where an order stands, by its id: open addressing with linear probing, at most half full, and backward-shift deletion, so that no
/// tombstones pile up over a day of cancels.
/// </summary>
internal sealed class OrderIndex
{
    /// <summary>What <see cref="Find"/> returns for an id that is not there.</summary>
    public const int None = -1;

    // A place is kept one higher than it is, so that a cleared entry is an empty one.
    private Entry[] _entries;
    private int _shift;
    private int _count;

    public OrderIndex(int capacity)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, capacity * 2));
        _entries = new Entry[size];
        _shift = 64 - BitOperations.Log2((uint)size);
    }

    public int Find(long id)
    {
        var entries = _entries;
        for (var at = Home(id); ; at = (at + 1) & (entries.Length - 1))
        {
            ref readonly var entry = ref entries[at];
            if (entry.Id == id || entry.Place == 0)
                return entry.Place == 0 ? None : entry.Place - 1;
        }
    }

    /// <summary>Puts in an id that is not there.</summary>
    public void Add(long id, int place)
    {
        if (++_count * 2 > _entries.Length)
            Grow();
        Put(id, place + 1);
    }

    /// <summary>Takes out an id.</summary>
    /// <returns>Where the order stood, or <see cref="None"/>.</returns>
    public int Remove(long id)
    {
        var entries = _entries;
        var mask = entries.Length - 1;
        var hole = Home(id);
        for (; entries[hole].Id != id || entries[hole].Place == 0; hole = (hole + 1) & mask)
        {
            if (entries[hole].Place == 0)
                return None;
        }

        var place = entries[hole].Place - 1;
        for (var at = (hole + 1) & mask; entries[at].Place != 0; at = (at + 1) & mask)
        {
            // An entry may move back into the hole unless its home lies between the hole (exclusive) and where it is.
            if (((at - Home(entries[at].Id)) & mask) >= ((at - hole) & mask))
            {
                entries[hole] = entries[at];
                hole = at;
            }
        }

        entries[hole] = default;
        _count--;
        return place;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Home(long id) => (int)((ulong)id * 0x9e3779b97f4a7c15 >> _shift);

    private void Put(long id, int place)
    {
        var at = Home(id);
        while (_entries[at].Place != 0)
            at = (at + 1) & (_entries.Length - 1);
        _entries[at] = new Entry(id, place);
    }

    private void Grow()
    {
        var old = _entries;
        _entries = new Entry[old.Length * 2];
        _shift--;
        foreach (var entry in old)
        {
            if (entry.Place != 0)
                Put(entry.Id, entry.Place);
        }
    }

    private readonly record struct Entry(long Id, int Place);
}
