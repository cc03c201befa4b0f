using System.Buffers;
using System.Runtime.CompilerServices;

namespace StockActors.Sinks.Columns;

/// <summary>Values by row, in pooled pieces: they grow without being copied, and what one table gives back another takes.</summary>
internal sealed class Rows<T>
    where T : unmanaged
{
    private const int Shift = 13;

    // The first piece begins small: a burst of late ticks touches many partitions with a few rows each.
    private T[][] _pieces = [[]];

    /// <summary>How many rows a whole piece holds.</summary>
    public const int PerPiece = 1 << Shift;

    /// <summary>Whether there is room for no row.</summary>
    public bool IsEmpty => _pieces[0].Length == 0;

    /// <summary>A row's value, which may be set.</summary>
    /// <param name="row">The row, below the capacity.</param>
    public ref T this[int row]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _pieces[row >> Shift][row & (PerPiece - 1)];
    }

    /// <summary>Makes room. What stands in rows that were never set has no meaning, unless zeros are asked for.</summary>
    /// <param name="capacity">The rows that there is to be room for; pieces are whole beyond the first.</param>
    /// <param name="zeroed">Whether new rows are to hold zeros.</param>
    public void Grow(int capacity, bool zeroed = false)
    {
        var first = Math.Min(capacity, PerPiece);
        if (_pieces[0].Length < first)
        {
            var larger = Rent(first, zeroed);
            _pieces[0].CopyTo(larger, 0);
            Return(_pieces[0]);
            _pieces[0] = larger;
        }

        var before = _pieces.Length;
        var pieces = (capacity + PerPiece - 1) >> Shift;
        if (pieces <= before)
            return;
        Array.Resize(ref _pieces, pieces);
        for (var i = before; i < pieces; i++)
            _pieces[i] = Rent(PerPiece, zeroed);
    }

    /// <summary>Gives the room back.</summary>
    public void Clear()
    {
        foreach (var piece in _pieces)
            Return(piece);
        _pieces = [[]];
    }

    private static T[] Rent(int rows, bool zeroed)
    {
        var piece = ArrayPool<T>.Shared.Rent(rows);
        if (zeroed)
            Array.Clear(piece);
        return piece;
    }

    private static void Return(T[] piece)
    {
        if (piece.Length > 0)
            ArrayPool<T>.Shared.Return(piece);
    }
}
