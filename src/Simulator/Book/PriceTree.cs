using System.Numerics;
using System.Runtime.CompilerServices;

namespace StockActors.Simulator.Book;

/// <summary>
/// The prices of one side at which orders stand, each with the index of its level: a 64-way radix tree with a bitmap per node. A price
/// below 2^24 is at most four steps from the root and usually none, for neighbours share a leaf and the last leaf is remembered; the next
/// better or worse price is a bit scan. Cost does not depend on how many levels there are, nor on how far apart they lie.
/// </summary>
internal sealed class PriceTree
{
    /// <summary>What a search returns when it finds nothing.</summary>
    public const int None = -1;

    private const int Bits = 6;
    private const int Fan = 1 << Bits;

    private ulong[] _present = new ulong[16];
    private int[] _parents = new int[16];
    private int[] _children = new int[16 * Fan];
    private int _used = 1;
    private int _free = None;
    private int _root;
    private int _rootShift;
    private long _leafKey;
    private int _leaf;

    /// <summary>The level at a price, or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(long price)
    {
        var leaf = price >> Bits == _leafKey ? _leaf : FindLeaf(price);
        var slot = (int)price & (Fan - 1);
        return leaf >= 0 && (_present[leaf] >> slot & 1) != 0 ? _children[(leaf << Bits) + slot] : None;
    }

    /// <summary>Puts in a price that is not there.</summary>
    public void Add(long price, int level)
    {
        var leaf = price >> Bits == _leafKey ? _leaf : MakeLeaf(price);
        Set(leaf, (int)price & (Fan - 1), level);
    }

    /// <summary>Takes out a price that is there.</summary>
    public void Remove(long price)
    {
        var node = price >> Bits == _leafKey ? _leaf : FindLeaf(price);
        var key = price;
        while ((_present[node] &= ~(1UL << ((int)key & (Fan - 1)))) == 0 && node != _root)
        {
            if (node == _leaf)
                (_leafKey, _leaf) = (None, None);
            var parent = _parents[node];
            _parents[node] = _free;
            _free = node;
            node = parent;
            key >>= Bits;
        }
    }

    /// <summary>The level at the lowest price above one that is there, or <see cref="None"/>.</summary>
    public int Above(long price)
    {
        var node = price >> Bits == _leafKey ? _leaf : FindLeaf(price);
        for (var shift = 0; ; shift += Bits)
        {
            var slot = (int)(price >> shift) & (Fan - 1);
            var higher = _present[node] & (ulong.MaxValue << slot << 1);
            if (higher != 0)
                return Descend(node, shift, higher, highest: false);
            if (node == _root)
                return None;
            node = _parents[node];
        }
    }

    /// <summary>The level at the highest price below one that is there, or <see cref="None"/>.</summary>
    public int Below(long price)
    {
        var node = price >> Bits == _leafKey ? _leaf : FindLeaf(price);
        for (var shift = 0; ; shift += Bits)
        {
            var slot = (int)(price >> shift) & (Fan - 1);
            var lower = _present[node] & ((1UL << slot) - 1);
            if (lower != 0)
                return Descend(node, shift, lower, highest: true);
            if (node == _root)
                return None;
            node = _parents[node];
        }
    }

    private int Descend(int node, int shift, ulong candidates, bool highest)
    {
        while (true)
        {
            var slot = highest ? Fan - 1 - BitOperations.LeadingZeroCount(candidates) : BitOperations.TrailingZeroCount(candidates);
            var child = _children[(node << Bits) + slot];
            if (shift == 0)
                return child;
            shift -= Bits;
            node = child;
            candidates = _present[node];
        }
    }

    private int FindLeaf(long price)
    {
        if (price >> _rootShift >= Fan)
            return None;
        var node = _root;
        for (var shift = _rootShift; shift > 0; shift -= Bits)
        {
            var slot = (int)(price >> shift) & (Fan - 1);
            if ((_present[node] >> slot & 1) == 0)
                return None;
            node = _children[(node << Bits) + slot];
        }

        (_leafKey, _leaf) = (price >> Bits, node);
        return node;
    }

    private int MakeLeaf(long price)
    {
        while (price >> _rootShift >= Fan)
            Grow();
        var node = _root;
        for (var shift = _rootShift; shift > 0; shift -= Bits)
        {
            var slot = (int)(price >> shift) & (Fan - 1);
            if ((_present[node] >> slot & 1) == 0)
                Set(node, slot, NewNode(node));
            node = _children[(node << Bits) + slot];
        }

        (_leafKey, _leaf) = (price >> Bits, node);
        return node;
    }

    private void Grow()
    {
        var below = _root;
        _root = NewNode(None);
        _rootShift += Bits;
        if (_present[below] != 0)
        {
            _parents[below] = _root;
            Set(_root, 0, below);
            return;
        }

        if (_leaf == below)
            (_leafKey, _leaf) = (None, None);
        _parents[below] = _free;
        _free = below;
    }

    private void Set(int node, int slot, int child)
    {
        _present[node] |= 1UL << slot;
        _children[(node << Bits) + slot] = child;
    }

    private int NewNode(int parent)
    {
        var node = _free;
        if (node != None)
        {
            _free = _parents[node];
        }
        else
        {
            node = _used++;
            if (node == _present.Length)
            {
                Array.Resize(ref _present, node * 2);
                Array.Resize(ref _parents, node * 2);
                Array.Resize(ref _children, node * 2 * Fan);
            }
        }

        _parents[node] = parent;
        return node;
    }
}
