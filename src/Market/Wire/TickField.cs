namespace StockActors.Market.Wire;

/// <summary>
/// Every field a tick may have on the wire, whichever its kind. The fields of one level of the book stand together: price, size, count.
/// </summary>
internal enum TickField : byte
{
    Kind,
    Source,
    Symbol,
    TsEvent,
    RunId,
    Sequence,

    Price,
    Size,
    Side,
    TradeId,
    Aggressor,
    Resting,

    BidPx,
    BidSz,
    BidCt,
    AskPx,
    AskSz,
    AskCt,

    Action,
    Reason,
    IsTrading,
    LimitUp,
    LimitDown,

    Open,
    High,
    Low,
    Close,
    AdjClose,
    Volume,
    CloseUsd,
    Interval,

    OrderEvent,
    OrderId,
    Remaining,
    IsLast,

    TruthKind,
    Began,
    Filled,
    Events,

    Seed,
    Scenario,
    Configuration,

    /// <summary>A foreign producer's time in milliseconds (JSON only).</summary>
    TsMillis,

    /// <summary>A tutorial's date (JSON only).</summary>
    Date,

    /// <summary>Not a field: what the tables hold where there is none.</summary>
    None,
}
