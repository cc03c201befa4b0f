using StockActors.Market;
using StockActors.Simulator.Facts;

namespace StockActors.Simulator.Tests.Facts;

public sealed class DayRecorderTests
{
    private const long Second = UnixNanos.PerSecond;
    private static readonly long OpenOfDay = Exchange.Days.First.Open;

    private readonly DayRecorder _recorder = new("S000");

    [Fact]
    public void Minutes_begin_with_the_first_open_and_end_with_the_close_on_their_last_nanosecond()
    {
        State(-600 * Second, StatusAction.Auction, trading: false);
        Quote(-300 * Second, 90, 92);
        Trade(0, Side.None, 100, 5_000);
        State(0, StatusAction.Open, trading: true);
        Quote(0, 99, 101);
        Quote(30 * Second, 101, 103);
        Quote(60 * Second, 103, 105);
        State((180 * Second) - 1, StatusAction.Close, trading: false);
        Quote(500 * Second, 1, 2);

        var day = _recorder.Finish()!;
        Assert.Equal(OpenOfDay, day.Start);
        Assert.Equal([102, 104, 104], day.Mid);
        Assert.Equal([Math.Log(102 / 100.0), Math.Log(104 / 102.0), 0], day.Return);
        Assert.Equal((OpenOfDay, 100.0, 5_000L), Assert.Single(day.Auctions));
        Assert.Equal([0, 0, 0], day.Volume);
    }

    [Fact]
    public void A_minute_in_which_trading_stood_still_has_no_return()
    {
        State(0, StatusAction.Open, trading: true);
        Quote(0, 99, 101);
        State(70 * Second, StatusAction.Halt, trading: false);
        Quote(80 * Second, 50, 52);
        State(190 * Second, StatusAction.Resume, trading: true);
        Quote(190 * Second, 109, 111);
        State((300 * Second) - 1, StatusAction.Close, trading: false);

        Assert.Equal([0, double.NaN, double.NaN, double.NaN, 0], _recorder.Finish()!.Return);
    }

    [Fact]
    public void A_closing_auction_is_not_of_the_session()
    {
        State(0, StatusAction.Open, trading: true);
        Quote(0, 99, 101);
        State(120 * Second, StatusAction.Auction, trading: false);
        Quote(130 * Second, 120, 122);
        State((240 * Second) - 1, StatusAction.Close, trading: false);

        Assert.Equal([0, 0, double.NaN, double.NaN], _recorder.Finish()!.Return);
    }

    [Fact]
    public void An_empty_side_has_no_mid_and_no_return_from_it_or_to_it()
    {
        State(0, StatusAction.Open, trading: true);
        Quote(0, 99, 101);
        Quote(70 * Second, 99, null);
        Quote(130 * Second, 99, 101);
        State((240 * Second) - 1, StatusAction.Close, trading: false);

        var day = _recorder.Finish()!;
        Assert.Equal([100, double.NaN, 100, 100], day.Mid);
        Assert.Equal([0, double.NaN, double.NaN, 0], day.Return);
    }

    [Fact]
    public void Trades_of_one_side_at_one_instant_are_one_order_and_its_impact_lasts_to_the_next()
    {
        State(0, StatusAction.Open, trading: true);
        Quote(0, 99, 101);
        Trade(10 * Second, Side.Bid, 101, 300);
        Trade(10 * Second, Side.Bid, 102, 500);
        Quote(10 * Second, 99, 103);
        Quote(11 * Second, 101, 103);
        Trade(20 * Second, Side.Ask, 101, 200);
        State((60 * Second) - 1, StatusAction.Close, trading: false);

        var day = _recorder.Finish()!;
        var expected = new double[PriceImpact.Sums];
        PriceImpact.Add(expected, 800, Math.Log(102 / 100.0));
        PriceImpact.Add(expected, 200, 0);
        Assert.Equal(expected, day.ImpactSums);
        Assert.Equal(Autocorrelation.SumsOf([1, -1], DayRecorder.SignLags), day.SignSums);
        Assert.Equal([1_000], day.Volume);
    }

    [Fact]
    public void A_day_that_never_opened_is_none()
    {
        State(-600 * Second, StatusAction.Auction, trading: false);
        Quote(-300 * Second, 90, 92);
        Assert.Null(_recorder.Finish());
    }

    private void State(long at, StatusAction action, bool trading) =>
        _recorder.Add(new Tick { Symbol = "S000", TsEvent = OpenOfDay + at, Kind = TickKind.Status, Status = new Status(action, null, trading, null, null) });

    private void Quote(long at, long bid, long? ask) => _recorder.Add(new Tick
    {
        Symbol = "S000",
        TsEvent = OpenOfDay + at,
        Kind = TickKind.Quote,
        Book = new BestBidOffer(new BookLevel(bid * Price.One, 100, 1), ask is { } price ? new BookLevel(price * Price.One, 100, 1) : null),
    });

    private void Trade(long at, Side side, long price, long size) => _recorder.Add(new Tick
    {
        Symbol = "S000",
        TsEvent = OpenOfDay + at,
        Kind = TickKind.Trade,
        Trade = new Trade(price * Price.One, size, side, null, AgentClass.Unknown, AgentClass.Unknown),
    });
}
