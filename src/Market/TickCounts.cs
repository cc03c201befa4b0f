namespace StockActors.Market;

/// <summary>How many ticks of each kind.</summary>
/// <param name="Trades">Ticks of kind trade.</param>
/// <param name="Quotes">Ticks of kind quote.</param>
/// <param name="Status">Ticks of kind status.</param>
/// <param name="Bars">Ticks of kind bar.</param>
/// <param name="Orders">Records of kind order, which go beside the ticks.</param>
/// <param name="Truths">Records of kind truth, likewise.</param>
/// <param name="Runs">Records of kind run, likewise.</param>
public readonly record struct TickCounts(long Trades, long Quotes, long Status, long Bars, long Orders = 0, long Truths = 0, long Runs = 0)
{
    /// <summary>All kinds together.</summary>
    public long Total => Ticks + Orders + Truths + Runs;

    /// <summary>Those that share the ticks' sequence.</summary>
    public long Ticks => Trades + Quotes + Status + Bars;

    /// <summary>How many of one kind.</summary>
    public long this[TickKind kind] => kind switch
    {
        TickKind.Trade => Trades,
        TickKind.Quote => Quotes,
        TickKind.Status => Status,
        TickKind.Bar => Bars,
        TickKind.Order => Orders,
        TickKind.Truth => Truths,
        _ => Runs,
    };

    /// <summary>How many of one feed.</summary>
    public long this[TickFeed feed] => feed switch
    {
        TickFeed.Ticks => Ticks,
        TickFeed.Orders => Orders,
        _ => Truths + Runs,
    };

    /// <summary>So many of one kind.</summary>
    public static TickCounts Of(TickKind kind, long count) => kind switch
    {
        TickKind.Trade => new TickCounts(count, 0, 0, 0),
        TickKind.Quote => new TickCounts(0, count, 0, 0),
        TickKind.Status => new TickCounts(0, 0, count, 0),
        TickKind.Bar => new TickCounts(0, 0, 0, count),
        TickKind.Order => new TickCounts(0, 0, 0, 0, count),
        TickKind.Truth => new TickCounts(0, 0, 0, 0, 0, count),
        _ => new TickCounts(0, 0, 0, 0, 0, 0, count),
    };

    /// <summary>Counts ticks.</summary>
    public static TickCounts Of(ReadOnlySpan<Tick> ticks)
    {
        Span<long> counts = stackalloc long[7];
        foreach (ref readonly var tick in ticks)
            counts[(int)tick.Kind]++;
        return new TickCounts(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6]);
    }

    /// <summary>The sums, kind by kind.</summary>
    public static TickCounts operator +(TickCounts left, TickCounts right) => left.Add(right);

    /// <summary>The differences, kind by kind.</summary>
    public static TickCounts operator -(TickCounts left, TickCounts right) => left.Subtract(right);

    /// <summary>The sums, kind by kind.</summary>
    public TickCounts Add(TickCounts other) => new(
        Trades + other.Trades, Quotes + other.Quotes, Status + other.Status, Bars + other.Bars, Orders + other.Orders, Truths + other.Truths, Runs + other.Runs);

    /// <summary>The differences, kind by kind.</summary>
    public TickCounts Subtract(TickCounts other) => new(
        Trades - other.Trades, Quotes - other.Quotes, Status - other.Status, Bars - other.Bars, Orders - other.Orders, Truths - other.Truths, Runs - other.Runs);
}
