using System.Buffers;
using StockActors.Market;

namespace StockActors.Simulator.Exchange;

/// <summary>A growing list of ticks over pooled arrays, to be cleared and filled again. Not thread-safe.</summary>
public sealed class TickBuffer : IDisposable
{
    private const int FirstCapacity = 16;

    private Tick[] _ticks = [];

    /// <summary>How many ticks there are.</summary>
    public int Count { get; private set; }

    /// <summary>The ticks in the order in which they were added; valid until the buffer is next changed.</summary>
    public ReadOnlySpan<Tick> Ticks => _ticks.AsSpan(0, Count);

    /// <summary>Adds a tick.</summary>
    public void Add(in Tick tick)
    {
        if (Count == _ticks.Length)
            Grow();
        _ticks[Count++] = tick;
    }

    /// <summary>Says of an order's record that the best bid and offer after it are seen.</summary>
    internal void MarkLast(int index) => _ticks[index].Order = _ticks[index].Order with { IsLast = true };

    /// <summary>Forgets the ticks and keeps the array.</summary>
    public void Clear() => Count = 0;

    /// <summary>Hands the array over, rented from <see cref="ArrayPool{T}.Shared"/> and the receiver's to return, and begins anew.</summary>
    /// <param name="count">How many ticks are in it.</param>
    public Tick[] Detach(out int count)
    {
        var ticks = _ticks;
        count = Count;
        _ticks = [];
        Count = 0;
        return ticks;
    }

    /// <summary>Returns the array; the buffer is empty then and may be used again.</summary>
    public void Dispose() => ArrayPool<Tick>.Shared.Return(Detach(out _));

    private void Grow()
    {
        var larger = ArrayPool<Tick>.Shared.Rent(Math.Max(FirstCapacity, Count * 2));
        Ticks.CopyTo(larger);
        ArrayPool<Tick>.Shared.Return(_ticks);
        _ticks = larger;
    }
}
