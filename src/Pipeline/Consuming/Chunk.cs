using System.Buffers;

namespace StockActors.Pipeline.Consuming;

/// <summary>What one poll round yields of one partition, on its way to the stage in one crossing; the array is pooled.</summary>
/// <param name="items">The elements.</param>
/// <param name="count">How many elements there are, 1 or more.</param>
/// <param name="records">How many records they hold.</param>
internal readonly struct Chunk<T>(Item<T>[] items, int count, int records)
{
    public int Count => count;

    public int Records => records;

    public ref readonly Item<T> this[int index] => ref items[index];

    /// <summary>Gives the array back.</summary>
    public void Return() => ArrayPool<Item<T>>.Shared.Return(items, clearArray: true);

    /// <summary>Gives back the elements from an index on, which nobody will see, and the array.</summary>
    public void Drop(int from)
    {
        for (var i = from; i < count; i++)
            (items[i].Value as IDisposable)?.Dispose();
        Return();
    }
}
