using System.Runtime.CompilerServices;
using StockActors.Market;

namespace StockActors.Simulator.Book;

/// <summary>One side's levels: pooled, found by price, the best one known at any time.</summary>
internal sealed class BookSide(Side side)
{
    private readonly PriceTree _prices = new();
    private Level[] _levels = new Level[64];
    private int _used;
    private int _free = PriceTree.None;

    /// <summary>The best level, or <see cref="PriceTree.None"/>.</summary>
    public int Best { get; private set; } = PriceTree.None;

    public ref Level this[int level]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _levels[level];
    }

    /// <summary>Whether an order of the other side with this limit meets the best level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsMet(long limit) =>
        Best != PriceTree.None && (side == Side.Bid ? limit <= _levels[Best].Price : limit >= _levels[Best].Price);

    /// <summary>The level at a price, made where none is.</summary>
    public int At(long price)
    {
        var found = _prices.Find(price);
        return found != PriceTree.None ? found : Open(price);
    }

    /// <summary>Takes away a level that has become empty.</summary>
    public void Close(int level)
    {
        var price = _levels[level].Price;
        if (level == Best)
            Best = Next(level);
        _prices.Remove(price);
        _levels[level].Next = _free;
        _free = level;
    }

    /// <summary>The next worse level, or <see cref="PriceTree.None"/>.</summary>
    public int Next(int level) => side == Side.Bid ? _prices.Below(_levels[level].Price) : _prices.Above(_levels[level].Price);

    private int Open(long price)
    {
        var level = _free;
        if (level != PriceTree.None)
        {
            _free = _levels[level].Next;
        }
        else
        {
            level = _used++;
            if (level == _levels.Length)
                Array.Resize(ref _levels, level * 2);
        }

        _levels[level] = new Level { Price = price, Head = OrderBook.NoOrder, Tail = OrderBook.NoOrder };
        _prices.Add(price, level);
        if (Best == PriceTree.None || (side == Side.Bid ? price > _levels[Best].Price : price < _levels[Best].Price))
            Best = level;
        return level;
    }

    internal struct Level
    {
        public long Price;
        public long Size;
        public int Count;
        public int Head;
        public int Tail;
        public int Next;
    }
}
