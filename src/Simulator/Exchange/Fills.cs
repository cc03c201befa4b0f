namespace StockActors.Simulator.Exchange;

/// <summary>What was executed of an order, or of several.</summary>
internal struct Fills
{
    private Int128 _notional;

    /// <summary>The sum of the sizes.</summary>
    public long Size { get; private set; }

    /// <summary>Adds an execution.</summary>
    /// <param name="size">Its size.</param>
    /// <param name="price">In price ticks.</param>
    public void Add(long size, long price)
    {
        Size += size;
        _notional += (Int128)price * size;
    }

    /// <summary>The average price in units of 1e-9, rounded half up; <c>null</c> where nothing was executed.</summary>
    /// <param name="tickSize">A price tick, in units of 1e-9.</param>
    public readonly long? Average(long tickSize) => Size == 0 ? null : (long)(((_notional * tickSize) + (Size / 2)) / Size);
}
