using System.Runtime.CompilerServices;
using StockActors.Market;

namespace StockActors.Simulator.Book;

/// <summary>One side's levels: pooled, found by price, the best one known at any time.</summary>
internal sealed class BookSide
{
    /// <summary>The level of the orders that wait to trade at the market in an auction. It has no price, and is never closed.</summary>
    public const int AtMarket = 0;

    private readonly PriceTree _prices = new();
    private readonly Side _side;
    private Level[] _levels = new Level[64];
    private int _used = 1;
    private int _free = PriceTree.None;

    public BookSide(Side side)
    {
        _side = side;
        _levels[AtMarket] = new Level { Head = OrderBook.NoOrder, Tail = OrderBook.NoOrder };
    }

    /// <summary>The best level with a price, or <see cref="PriceTree.None"/>.</summary>
    public int Best { get; private set; } = PriceTree.None;

    /// <summary>The level whose orders trade first in an auction, or <see cref="PriceTree.None"/>.</summary>
    public int First => _levels[AtMarket].Count > 0 ? AtMarket : Best;

    public ref Level this[int level]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _levels[level];
    }

    /// <summary>Whether an order of the other side with this limit meets the best level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsMet(long limit) => IsMet(Best, limit);

    /// <summary>Whether an order of the other side with this limit meets a level with a price; nothing meets <see cref="PriceTree.None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsMet(int level, long limit) =>
        level != PriceTree.None && (_side == Side.Bid ? limit <= _levels[level].Price : limit >= _levels[level].Price);

    /// <summary>The level at a price, made where none is.</summary>
    public int At(long price)
    {
        var found = _prices.Find(price);
        return found != PriceTree.None ? found : Open(price);
    }

    /// <summary>Takes away a level that has become empty.</summary>
    public void Close(int level)
    {
        if (level == AtMarket)
            return;
        var price = _levels[level].Price;
        if (level == Best)
            Best = Next(level);
        _prices.Remove(price);
        _levels[level].Next = _free;
        _free = level;
    }

    /// <summary>The level that is next in turn, or <see cref="PriceTree.None"/>.</summary>
    public int Next(int level)
    {
        if (level == AtMarket)
            return Best;
        return _side == Side.Bid ? _prices.Below(_levels[level].Price) : _prices.Above(_levels[level].Price);
    }

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
        if (Best == PriceTree.None || (_side == Side.Bid ? price > _levels[Best].Price : price < _levels[Best].Price))
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
