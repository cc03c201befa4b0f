using System.Buffers;
using StockActors.Market;
using StockActors.Node.Markets;

namespace StockActors.Node.Tests;

public sealed class LaneTallyTests
{
    private readonly LaneTally _tally = new();

    [Fact]
    public void A_lane_that_starts_again_counts_what_the_log_has_of_what_was_in_flight_and_forgets_the_rest()
    {
        _tally.Begin(Progress(0));
        Emit(until: 10, quotes: 5);
        Emit(until: 20, quotes: 7);
        Emit(until: 30, quotes: 11);
        _tally.Acknowledge(new TickCounts(0, 5, 0, 0), time: 10);

        // The commit of the second step was never answered, but the log has it.
        _tally.Begin(Progress(20));

        var state = _tally.Read();
        Assert.Equal(12, state.Acknowledged.Quotes);
        Assert.Equal(12, state.Emitted.Quotes);
        Assert.Equal(20, state.Time);
        Assert.Equal(0, state.From!.Time);

        Emit(until: 30, quotes: 11);
        _tally.Acknowledge(new TickCounts(0, 11, 0, 0), time: 30);
        Assert.Equal((23, 23), (_tally.Read().Emitted.Quotes, _tally.Read().Acknowledged.Quotes));
    }

    [Fact]
    public void The_view_has_the_last_trade_the_book_and_the_volume()
    {
        Emit(10, new Tick { Kind = TickKind.Quote, Symbol = "A", RunId = "", Book = new BestBidOffer(new BookLevel(9, 1, 1), null) },
            new Tick { Kind = TickKind.Trade, Symbol = "A", RunId = "", Trade = new Trade(10, 3, Side.Bid, 1, default, default) },
            new Tick { Kind = TickKind.Trade, Symbol = "A", RunId = "", Trade = new Trade(11, 4, Side.Bid, 2, default, default) });

        var line = Assert.Single(_tally.Read().Markets);

        Assert.Equal(new MarketLine("A", 11, new BestBidOffer(new BookLevel(9, 1, 1), null), 7), line);
    }

    private void Emit(long until, int quotes) =>
        Emit(until, [.. Enumerable.Range(0, quotes).Select(_ => new Tick { Kind = TickKind.Quote, Symbol = "A", RunId = "" })]);

    private void Emit(long until, params Tick[] ticks)
    {
        var rented = ArrayPool<Tick>.Shared.Rent(ticks.Length);
        ticks.CopyTo(rented, 0);
        using var batch = TickBatch.Own(rented, ticks.Length, Progress(until));
        _tally.Emit(batch);
    }

    private static LaneProgress Progress(long time) => new("run", 0, time, []);
}
