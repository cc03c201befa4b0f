using System.Buffers;
using StockActors.Market;
using StockActors.Simulator.Exchange;

namespace StockActors.Simulator.Tests.Exchange;

public sealed class TickBufferTests
{
    [Fact]
    public void A_buffer_keeps_what_was_added_and_begins_anew_after_it_was_detached()
    {
        using var buffer = new TickBuffer();
        for (var i = 0; i < 5_000; i++)
            buffer.Add(new Tick { Sequence = i });
        Assert.Equal(Enumerable.Range(0, 5_000).Select(i => (long?)i), buffer.Ticks.ToArray().Select(t => t.Sequence));

        var detached = buffer.Detach(out var count);
        buffer.Add(new Tick { Sequence = -1 });

        Assert.Equal((5_000, 1), (count, buffer.Count));
        Assert.Equal(0, detached[0].Sequence);
        ArrayPool<Tick>.Shared.Return(detached);
    }
}
