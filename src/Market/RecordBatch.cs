using System.Buffers;

namespace StockActors.Market;

/// <summary>
/// Records of one lane as one poll of the log yields them, in the order of their offsets: one pooled buffer, one crossing of a stream boundary.
/// </summary>
/// <remarks>Whoever takes the batch off the stream disposes of it, once, after the last use of its spans.</remarks>
public sealed class RecordBatch : IDisposable
{
    private byte[]? _data;
    private Entry[]? _entries;
    private int _used;
    private bool _closed;

    /// <summary>Begins an empty batch.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="lane">The partition.</param>
    /// <param name="firstOffset">The offset that the lane's reader stands at before the batch.</param>
    /// <param name="sizeHint">Bytes of keys and values to make room for at first.</param>
    /// <param name="countHint">Records to make room for at first.</param>
    public RecordBatch(string topic, int lane, long firstOffset, int sizeHint = 64 * 1024, int countHint = 512)
    {
        Topic = topic;
        Lane = lane;
        FirstOffset = NextOffset = firstOffset;
        _data = ArrayPool<byte>.Shared.Rent(sizeHint);
        _entries = ArrayPool<Entry>.Shared.Rent(countHint);
    }

    /// <summary>The topic.</summary>
    public string Topic { get; }

    /// <summary>The partition.</summary>
    public int Lane { get; }

    /// <summary>The offset the lane's reader stood at before this batch. Offsets may be missing inside a batch (transaction markers, aborted records).</summary>
    public long FirstOffset { get; }

    /// <summary>The offset the lane's reader stands at after this batch: past its last record, and past what carries no record.</summary>
    public long NextOffset { get; private set; }

    /// <summary>How many records there are; 0 where only <see cref="NextOffset"/> moved.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of keys and values.</summary>
    public int Bytes => _used;

    /// <summary>The epoch of the partition's leader when the last record was read; −1 where it is not known.</summary>
    public int LeaderEpoch { get; set; } = -1;

    /// <summary>The record at an index, 0 to <see cref="Count"/> − 1; its spans live as long as the batch.</summary>
    public LogRecord this[int index]
    {
        get
        {
            ObjectDisposedException.ThrowIf(_data is null, this);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
            ref readonly var e = ref _entries![index];
            return new LogRecord(e.Offset, e.KeyLength < 0 ? default : _data.AsSpan(e.Start, e.KeyLength),
                e.ValueLength < 0 ? default : _data.AsSpan(e.Start + Math.Max(0, e.KeyLength), e.ValueLength), e.ValueLength < 0);
        }
    }

    /// <summary>Copies a record in behind the last.</summary>
    /// <param name="offset">Its offset, at least <see cref="NextOffset"/>.</param>
    /// <param name="key">Its key; empty where it has none.</param>
    /// <param name="value">Its value.</param>
    /// <param name="isTombstone">Whether it has no value at all.</param>
    public void Add(long offset, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isTombstone = false)
    {
        ObjectDisposedException.ThrowIf(_data is null, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(offset, NextOffset);
        var needed = _used + key.Length + value.Length;
        if (needed > _data.Length)
            Grow(ref _data, _used, needed);
        if (Count == _entries!.Length)
            Grow(ref _entries, Count, Count + 1);
        key.CopyTo(_data.AsSpan(_used));
        value.CopyTo(_data.AsSpan(_used + key.Length));
        _entries[Count++] = new Entry(offset, _used, key.Length, isTombstone ? -1 : value.Length);
        _used = needed;
        NextOffset = offset + 1;
    }

    /// <summary>Says that the reader has come to an offset behind which, up to here, no record stands.</summary>
    public void MoveTo(long nextOffset)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nextOffset, NextOffset);
        NextOffset = nextOffset;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_closed)
            return;
        _closed = true;
        ArrayPool<byte>.Shared.Return(_data!);
        ArrayPool<Entry>.Shared.Return(_entries!);
        _data = null;
        _entries = null;
    }

    private static void Grow<T>(ref T[] array, int used, int needed)
    {
        var larger = ArrayPool<T>.Shared.Rent(Math.Max(needed, array.Length * 2));
        Array.Copy(array, larger, used);
        ArrayPool<T>.Shared.Return(array);
        array = larger;
    }

    private readonly record struct Entry(long Offset, int Start, int KeyLength, int ValueLength);
}
