namespace StockActors.Market;

/// <summary>
/// One record of the log and one row of the lake. One structure holds all kinds, because a market's sequence runs across ticks of every kind and
/// a batch of them is one array; only the part that <see cref="Kind"/> names has meaning, the others are at their defaults.
/// </summary>
public record struct Tick
{
    // Kinds of which there are few share it, for every tick has the room of every part.
    private object? _part;

    /// <summary>Which kind, and so which of the parts below, this is.</summary>
    public TickKind Kind { get; set; }

    /// <summary>Where it comes from.</summary>
    public TickSource Source { get; set; }

    /// <summary>The symbol; <see cref="Market.Symbol.IsValid(string)"/> holds.</summary>
    public string Symbol { get; set; }

    /// <summary>When the exchange did it, in nanoseconds since 1970-01-01 UTC; simulated time in a simulation.</summary>
    public long TsEvent { get; set; }

    /// <summary>From 1, without gaps, per (<see cref="RunId"/>, <see cref="Symbol"/>), across the kinds of its <see cref="TickFeed"/>; a foreign record's own, or <c>null</c>.</summary>
    public long? Sequence { get; set; }

    /// <summary>One simulation or replay; empty for a foreign producer.</summary>
    public string RunId { get; set; }

    /// <summary>For <see cref="TickKind.Trade"/>.</summary>
    public Trade Trade { get; set; }

    /// <summary>For <see cref="TickKind.Quote"/> the best bid and offer after the change; for <see cref="TickKind.Trade"/> those before it.</summary>
    public BestBidOffer Book { get; set; }

    /// <summary>For <see cref="TickKind.Status"/>.</summary>
    public Status Status { get; set; }

    /// <summary>For <see cref="TickKind.Bar"/>; <c>null</c> otherwise.</summary>
    public Bar? Bar
    {
        readonly get => _part as Bar;
        set => _part = value;
    }

    /// <summary>For <see cref="TickKind.Order"/>.</summary>
    public OrderEvent Order { get; set; }

    /// <summary>For <see cref="TickKind.Truth"/>; <c>null</c> otherwise.</summary>
    public Truth? Truth
    {
        readonly get => _part as Truth;
        set => _part = value;
    }

    /// <summary>For <see cref="TickKind.Run"/>; <c>null</c> otherwise.</summary>
    public RunSetup? Run
    {
        readonly get => _part as RunSetup;
        set => _part = value;
    }
}
