namespace StockActors.Market.Wire;

/// <summary>Sets of <see cref="TickField"/>s as bits, and the fields' names.</summary>
internal static class TickFields
{
    private static readonly string[] Names =
    [
        "kind", "source", "symbol", "ts_event", "run_id", "sequence",
        "price", "size", "side", "trade_id", "aggressor", "resting",
        "bid_px", "bid_sz", "bid_ct", "ask_px", "ask_sz", "ask_ct",
        "action", "reason", "is_trading", "limit_up", "limit_down",
        "open", "high", "low", "close", "adj_close", "volume", "close_usd", "interval",
        "event", "order_id", "remaining", "is_last",
        "truth", "began", "filled", "events",
        "seed", "scenario", "configuration",
        "ts", "Date",
    ];

    /// <summary>The name in JSON and in ticks.proto.</summary>
    public static string NameOf(TickField field) => Names[(int)field];

    /// <summary>The set of one field.</summary>
    public static ulong Bit(TickField field) => 1UL << (int)field;

    /// <summary>The lowest field of a set that is not empty.</summary>
    public static TickField First(ulong set) => (TickField)System.Numerics.BitOperations.TrailingZeroCount(set);

    /// <summary>The decimals of a number that is kept in units: 0 for an integer, 9 for a price; negative where it is no such number, or one of few.</summary>
    public static int DecimalsOf(TickField field) => (Bit(field) & Integers) != 0 ? 0 : (Bit(field) & Prices) != 0 ? 9 : -1;

    private const ulong Integers = (1UL << (int)TickField.TsEvent) | (1UL << (int)TickField.TsMillis) | (1UL << (int)TickField.Sequence) | (1UL << (int)TickField.Size)
        | (1UL << (int)TickField.TradeId) | (1UL << (int)TickField.BidSz) | (1UL << (int)TickField.AskSz) | (1UL << (int)TickField.OrderId) | (1UL << (int)TickField.Remaining)
        | (1UL << (int)TickField.Began) | (1UL << (int)TickField.Filled) | (1UL << (int)TickField.Events);

    private const ulong Prices = (1UL << (int)TickField.Price) | (1UL << (int)TickField.BidPx) | (1UL << (int)TickField.AskPx);

    /// <summary>The fields that every kind has.</summary>
    public const ulong Header = 0b11_1111;

    /// <summary>The sides of the book.</summary>
    public const ulong Book = 0b11_1111UL << (int)TickField.BidPx;

    /// <summary>The fields of a trade, with the book before it.</summary>
    public const ulong Trade = (0b11_1111UL << (int)TickField.Price) | Book;

    /// <summary>The fields of a status.</summary>
    public const ulong Status = 0b1_1111UL << (int)TickField.Action;

    /// <summary>The fields of a bar.</summary>
    public const ulong Bar = 0b1111_1111UL << (int)TickField.Open;

    /// <summary>The fields of an order's change.</summary>
    public const ulong Order = (0b1111UL << (int)TickField.Price) | (0b1111UL << (int)TickField.OrderEvent);

    /// <summary>The fields of a truth.</summary>
    public const ulong Truth = (0b111UL << (int)TickField.Price) | (0b1111UL << (int)TickField.TruthKind);

    /// <summary>The fields of a run's record.</summary>
    public const ulong Run = 0b111UL << (int)TickField.Seed;

    /// <summary>All that belongs to one kind or another.</summary>
    public const ulong Bodies = Trade | Status | Bar | Order | Truth | Run;

    /// <summary>The fields that belong to a kind, beside the header.</summary>
    public static ulong Of(TickKind kind) => kind switch
    {
        TickKind.Trade => Trade,
        TickKind.Quote => Book,
        TickKind.Status => Status,
        TickKind.Bar => Bar,
        TickKind.Order => Order,
        TickKind.Truth => Truth,
        _ => Run,
    };
}
