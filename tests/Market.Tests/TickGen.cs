using System.Text;
using CsCheck;

namespace StockActors.Market.Tests;

/// <summary>Valid ticks of every kind, with the edges of every range.</summary>
internal static class TickGen
{
    public static readonly Gen<long> Price = Gen.Frequency(
        (6, Gen.Long[1, 500_000].Select(cents => cents * 10_000_000)),
        (2, Gen.Long[-Market.Price.Max, Market.Price.Max]),
        (1, Gen.OneOf(0L, 1L, -1L, Market.Price.Max, -Market.Price.Max, Market.Price.One)));

    public static readonly Gen<long> Size = Gen.Frequency((4, Gen.Long[1, 10_000]), (1, Gen.Long[1, long.MaxValue]), (1, Gen.OneOf(1L, long.MaxValue)));

    public static readonly Gen<string> Symbol = Gen.Char['!', '~'].Where(c => !"\"'\\/".Contains(c)).Array[1, Market.Symbol.MaxLength]
        .Select(chars => new string(chars));

    public static readonly Gen<string> Text = Gen.Frequency(
        (3, Gen.OneOf("", "run-1", "schedule", "limit-up")),
        (2, Gen.Int[0, 0x10FFFF].Where(Rune.IsValid).Array[0, 40].Select(runes => string.Concat(runes.Select(r => new Rune(r).ToString())))),
        (1, Gen.Int[1, 400].Select(length => new string('x', length))));

    public static readonly Gen<Tick> Trade = Gen.Select(Header, Book, Gen.Select(Price, Size, Gen.Int[0, 2], Nullable(Gen.Long), Gen.Int[0, 5], Gen.Int[0, 5],
        (price, size, side, id, aggressor, resting) => new Trade(price, size, (Side)side, id, (AgentClass)aggressor, (AgentClass)resting)),
        (header, book, trade) => header with { Kind = TickKind.Trade, Trade = trade, Book = book });

    public static readonly Gen<Tick> Quote = Gen.Select(Header, Book, (header, book) => header with { Kind = TickKind.Quote, Book = book });

    public static readonly Gen<Tick> Status = Gen.Select(Header, Gen.Select(Gen.Int[0, 4], Text, Gen.Int[0, 2], Nullable(Price), Nullable(Price),
        (action, reason, trading, up, down) =>
            new Status((StatusAction)action, reason.Length == 0 ? null : reason, trading == 2 ? null : trading == 1, up, down)),
        (header, status) => header with { Kind = TickKind.Status, Status = status });

    public static readonly Gen<Tick> Bar = Gen.Select(Header, Price.Array[4], Nullable(Price), Nullable(Gen.OneOf(Size, Gen.Const(0L))), Nullable(Price), Interval,
        (header, prices, adjusted, volume, usd, interval) =>
        {
            Array.Sort(prices);
            return header with { Kind = TickKind.Bar, Bar = new Bar(prices[1], prices[3], prices[0], prices[2], adjusted, volume, usd, interval) };
        });

    public static readonly Gen<Tick> Order = Gen.Select(Header, Gen.Select(Gen.Int[0, 6], Gen.Int[1, 2], Gen.Bool, Gen.Long[1, long.MaxValue], Nullable(Price), Size,
        Gen.OneOf(Size, Gen.Const(0L)), Nullable(Gen.Long),
        (action, side, last, id, price, size, remaining, trade) => action >= (int)OrderAction.Clear
            ? new OrderEvent((OrderAction)action, Side.None, last, 0, null, 0, 0, null)
            : new OrderEvent((OrderAction)action, (Side)side, last, id, action == (int)OrderAction.Execute ? price ?? 1 : price, size, remaining, trade)),
        (header, order) => header with { Kind = TickKind.Order, Order = order });

    public static readonly Gen<Tick> Truth = Gen.Select(Header, Gen.Select(Gen.Int[0, 5], Gen.Long, Gen.Int[0, 2], Nullable(Price), Nullable(Count), Nullable(Count), Nullable(Count),
        (kind, began, side, price, size, filled, events) => new Truth((TruthKind)kind, began, (Side)side, price, size, filled, events)),
        (header, truth) => header with { Kind = TickKind.Truth, Truth = truth });

    public static readonly Gen<Tick> Run = Gen.Select(Header, Gen.Select(Gen.Long, Text, Text, (seed, scenario, configuration) => new RunSetup(seed, scenario + "s", $"{{\"{configuration}\"}}")),
        (header, run) => header with { Kind = TickKind.Run, Run = run });

    public static readonly Gen<Tick> Any = Gen.Frequency((3, Trade), (2, Quote), (1, Status), (1, Bar), (2, Order), (2, Truth), (1, Run));

    private static Gen<long> Count => Gen.OneOf(Size, Gen.Const(0L));

    private static Gen<Tick> Header => Gen.Select(Gen.Int[0, 3], Symbol, Gen.Long, Nullable(Gen.OneOf(Gen.Long[1, 1_000_000], Gen.Long[1, long.MaxValue])), Text,
        (source, symbol, time, sequence, run) =>
            new Tick { Source = (TickSource)source, Symbol = symbol, TsEvent = time, Sequence = sequence, RunId = run });

    private static Gen<BestBidOffer> Book => Gen.Select(Level, Level, (bid, ask) => new BestBidOffer(bid, ask));

    private static Gen<BookLevel?> Level => Nullable(Gen.Select(Price, Gen.OneOf(Size, Gen.Const(0L)), Nullable(Gen.Int[0, int.MaxValue]),
        (price, size, count) => new BookLevel(price, size, count)));

    private static Gen<string> Interval => Gen.Select(Gen.Int[1, 999_999], Gen.OneOf("s", "m", "h", "d", "w", "mo"), (number, unit) => $"{number}{unit}");

    private static Gen<T?> Nullable<T>(Gen<T> gen)
        where T : struct => Gen.Select(Gen.Int[0, 3], gen, (none, value) => none == 0 ? (T?)null : value);
}
