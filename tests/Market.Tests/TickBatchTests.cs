using System.Buffers;

namespace StockActors.Market.Tests;

public class TickBatchTests
{
    [Fact]
    public void A_batch_shows_the_ticks_it_took_over_until_it_is_disposed_of()
    {
        var rented = ArrayPool<Tick>.Shared.Rent(10);
        (rented[0], rented[1]) = (Some.Trade, Some.Quote);
        var progress = new LaneProgress("run-1", 0, 5, []);
        var batch = TickBatch.Own(rented, 2, progress);
        Assert.Equal([Some.Trade, Some.Quote], batch.Ticks.ToArray());
        Assert.Same(progress, batch.Progress);
        batch.Dispose();
        batch.Dispose();
        Assert.Throws<ObjectDisposedException>(() => batch.Ticks.Length);
        Assert.Equal(2, batch.Count);
    }
}
