using System.Buffers;
using System.Diagnostics;

namespace StockActors.Pipeline;

/// <summary>
/// Records in pooled memory, as they are handed to the client: keys and values one after the other in one array, so that a record costs no object
/// of its own. Write a key, <see cref="EndKey"/>, write its value, <see cref="EndRecord"/>.
/// </summary>
/// <remarks>Dispose of it once, after the client has taken or copied what is in it.</remarks>
internal sealed class RecordBuffer : IBufferWriter<byte>, IDisposable
{
    private const int FirstBytes = 16 * 1024;
    private const int FirstRecords = 256;
    private const int LeastSpan = 256;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private (int KeyEnd, int End)[] _ends = ArrayPool<(int, int)>.Shared.Rent(FirstRecords);
    private int _keyEnd;

    /// <summary>How many records are whole.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of keys and values.</summary>
    public int Length { get; private set; }

    /// <summary>All keys and values.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Where a record's key begins and ends in <see cref="Written"/>, and its value ends, which begins where the key ends.</summary>
    public (int Start, int KeyEnd, int End) this[int record]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(record, Count);
            var (keyEnd, end) = _ends[record];
            return (record == 0 ? 0 : _ends[record - 1].End, keyEnd, end);
        }
    }

    /// <summary>What was written since the last record is the next one's key.</summary>
    public void EndKey() => _keyEnd = Length;

    /// <summary>What was written since <see cref="EndKey"/> is its value.</summary>
    public void EndRecord()
    {
        if (Count == _ends.Length)
            Grow(ref _ends, Count, Count * 2);
        _ends[Count++] = (_keyEnd, Length);
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        Debug.Assert(count >= 0 && count <= _bytes.Length - Length, "More was written than was asked for.");
        Length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _bytes.AsMemory(Length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _bytes.AsSpan(Length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        ArrayPool<(int, int)>.Shared.Return(_ends);
        (_bytes, _ends, Count, Length) = ([], [], 0, 0);
    }

    private void MakeRoom(int sizeHint)
    {
        var room = Math.Max(sizeHint, LeastSpan);
        if (_bytes.Length - Length < room)
            Grow(ref _bytes, Length, checked(Math.Max(_bytes.Length * 2, Length + room)));
    }

    private static void Grow<T>(ref T[] array, int used, int size)
    {
        var larger = ArrayPool<T>.Shared.Rent(size);
        array.AsSpan(0, used).CopyTo(larger);
        ArrayPool<T>.Shared.Return(array);
        array = larger;
    }
}
