using CsCheck;

namespace StockActors.Market.Tests;

public class TickChecksumTests
{
    [Fact]
    public void Equal_ticks_in_equal_order_have_equal_checksums() => TickGen.Any.Array[0, 10].Sample(ticks =>
        Assert.Equal(Of(ticks), Of([.. ticks.Select(tick => tick with { Symbol = new string(tick.Symbol.AsSpan()) })])));

    [Fact]
    public void The_order_counts() => Gen.Select(TickGen.Any, TickGen.Any).Where((a, b) => a != b).Sample((a, b) => Assert.NotEqual(Of(a, b), Of(b, a)));

    [Fact]
    public void Every_field_counts()
    {
        Tick[] ticks =
        [
            Some.Trade, Some.Quote, Some.Status, Some.Bar, Some.Order, Some.Truth, Some.Run,
            .. Changes(Some.Trade), Some.Trade with { Kind = TickKind.Quote }, .. TradeChanges(), .. BookChanges(Some.Trade), .. BookChanges(Some.Quote),
            .. StatusChanges(), .. BarChanges(), .. OrderChanges(), .. TruthChanges(),
        ];
        Assert.Equal(ticks.Length - 1, ticks.Select(tick => Of(tick)).Distinct().Count());

        // One of them is no change: a trade turned into a quote is the quote.
        Assert.Equal(Of(Some.Quote), Of(Some.Trade with { Kind = TickKind.Quote }));
    }

    [Fact]
    public void The_wire_format_does_not_count() => TickGen.Any.Sample(tick =>
        Assert.Equal(Of(Wire.Decode(Wire.Encode(tick))), Of(Wire.Decode(Wire.Encode(tick, Market.Wire.WireFormat.Json)))));

    [Fact]
    public void The_checksum_of_given_ticks_never_changes() => Assert.Equal(101_631_400_157_031_224UL, Of(Some.Trade, Some.Quote, Some.Status, Some.Bar));

    private static ulong Of(params Tick[] ticks) => ticks.Aggregate(TickChecksum.Empty, (sum, tick) => TickChecksum.Add(sum, tick));

    private static IEnumerable<Tick> Changes(Tick tick) =>
    [
        tick with { Source = TickSource.Replay }, tick with { Symbol = "S033" }, tick with { Symbol = "S03" }, tick with { TsEvent = tick.TsEvent + 1 },
        tick with { Sequence = 42 }, tick with { Sequence = null }, tick with { RunId = "run-2" }, tick with { RunId = "" },
    ];

    private static IEnumerable<Tick> TradeChanges()
    {
        var trade = Some.Trade.Trade;
        Trade[] changes =
        [
            trade with { Price = trade.Price + 1 }, trade with { Size = 1 }, trade with { Side = Side.Bid }, trade with { Side = Side.None },
            trade with { TradeId = null }, trade with { TradeId = 8 }, trade with { Aggressor = AgentClass.Unknown }, trade with { Resting = AgentClass.Noise },
            trade with { Aggressor = trade.Resting, Resting = trade.Aggressor },
        ];
        return changes.Select(changed => Some.Trade with { Trade = changed });
    }

    private static IEnumerable<Tick> BookChanges(Tick tick)
    {
        var (bid, ask) = (tick.Book.Bid!.Value, tick.Book.Ask!.Value);
        BestBidOffer[] changes =
        [
            default, new(bid, null), new(null, ask), new(ask, bid), new(bid with { Price = 1 }, ask), new(bid with { Size = 0 }, ask), new(bid with { Count = null }, ask),
            new(bid with { Count = 0 }, ask), new(bid, ask with { Price = 1 }), new(bid, ask with { Size = 0 }), new(bid, ask with { Count = 1 }),
        ];
        return changes.Select(changed => tick with { Book = changed });
    }

    private static IEnumerable<Tick> StatusChanges()
    {
        var status = Some.Status.Status;
        Status[] changes =
        [
            status with { Action = StatusAction.Resume }, status with { Reason = null }, status with { Reason = "limit-uq" }, status with { IsTrading = true },
            status with { IsTrading = null }, status with { LimitUp = null }, status with { LimitUp = 1 }, status with { LimitDown = null }, status with { LimitDown = 1 },
        ];
        return changes.Select(changed => Some.Status with { Status = changed });
    }

    private static IEnumerable<Tick> OrderChanges()
    {
        var order = Some.Order.Order;
        OrderEvent[] changes =
        [
            order with { Action = OrderAction.Cancel }, order with { Side = Side.Bid }, order with { IsLast = false }, order with { OrderId = 20 },
            order with { Price = null }, order with { Price = 1 }, order with { Size = 301 }, order with { Remaining = 0 }, order with { TradeId = null },
        ];
        return changes.Select(changed => Some.Order with { Order = changed });
    }

    private static IEnumerable<Tick> TruthChanges()
    {
        var (truth, run) = (Some.Truth.Truth!, Some.Run.Run!);
        Truth[] changes =
        [
            truth with { Kind = TruthKind.FatFinger }, truth with { Began = 1 }, truth with { Side = Side.Bid }, truth with { Price = null }, truth with { Price = 1 },
            truth with { Size = null }, truth with { Size = 1 }, truth with { Filled = null }, truth with { Filled = 0 }, truth with { Events = null }, truth with { Events = 25 },
        ];
        RunSetup[] runs = [run with { Seed = 8 }, run with { Scenario = "busz" }, run with { Scenario = "calm" }, run with { Configuration = "{}" }];
        return [.. changes.Select(changed => Some.Truth with { Truth = changed }), .. runs.Select(changed => Some.Run with { Run = changed })];
    }

    private static IEnumerable<Tick> BarChanges()
    {
        var bar = Some.Bar.Bar!;
        Bar[] changes =
        [
            bar with { Open = 1 }, bar with { High = 1 }, bar with { Low = 1 }, bar with { Close = 1 }, bar with { AdjClose = 1 }, bar with { AdjClose = 0 },
            bar with { Volume = null }, bar with { Volume = 1 }, bar with { CloseUsd = null }, bar with { CloseUsd = 1 }, bar with { Interval = "1w" },
        ];
        return changes.Select(changed => Some.Bar with { Bar = changed });
    }
}
