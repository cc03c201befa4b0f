namespace StockActors.Simulator.Book;

/// <summary>What stands at one price of one side.</summary>
/// <param name="Price">In price ticks; 0 where the side is empty.</param>
/// <param name="Size">Total size.</param>
/// <param name="Count">How many orders; 0 where the side is empty.</param>
public readonly record struct PriceLevel(long Price, long Size, int Count)
{
    /// <summary>Whether nothing stands there.</summary>
    public bool IsEmpty => Count == 0;
}
