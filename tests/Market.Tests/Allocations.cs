namespace StockActors.Market.Tests;

internal static class Allocations
{
    /// <summary>The bytes that this thread allocates in an action that has run before: the least of several runs, as the runtime's own work may fall into one.</summary>
    public static long Of(Action action)
    {
        var least = long.MaxValue;
        for (var run = 0; run < 20; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
