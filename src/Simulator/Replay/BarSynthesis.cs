using StockActors.Market;
using StockActors.Simulator.Exchange;

namespace StockActors.Simulator.Replay;

/// <summary>
/// Makes ticks inside bars: a path from the open over the high and the low to the close. Quotes follow it, with the path as their mid; where the bar has
/// a volume, trades do too, at the mid and without an aggressor. Each bar's trades and mids aggregate to exactly its open, high, low, close and
/// volume. All else about them is invented, and always the same for the same bar. Not thread-safe.
/// </summary>
/// <param name="interval">The bars' length.</param>
/// <remarks>
/// The ticks of a bar longer than an hour lie in its first hour. A day's real session is not known either way, and in the lake every hour
/// with ticks is a partition.
/// </remarks>
public sealed class BarSynthesis(string interval)
{
    /// <summary>How many points a path has at most; each is a quote where the price changes, and a trade where there is a volume.</summary>
    public const int Points = 20;

    // Prices lie on the finest decimal place of the bar's own figures, though never on a coarser one than this.
    private const long CoarsestStep = Price.One / 100;
    private const int LargestWeight = 1_000;

    private readonly long _slot = Math.Min(BarInterval.Nanos(interval), UnixNanos.PerHour) / Points;
    private readonly Dictionary<string, (long Sequence, long TradeId)> _next = [];

    /// <summary>How many trades it takes at least to have the bar's open, high, low and close, and so the least volume that can be traded so.</summary>
    public static int LeastTrades(Bar bar) => bar.High == bar.Low ? 1 : 2 + Between(bar).Count();

    /// <summary>The ticks of a bar, numbered after those of the symbol's bars before it.</summary>
    /// <param name="tick">The bar; its volume is none, 0, or at least <see cref="LeastTrades"/>.</param>
    /// <exception cref="ArgumentException">The volume is too small.</exception>
    public IReadOnlyList<Tick> Ticks(Tick tick)
    {
        var bar = tick.Bar!;
        var trades = bar.Volume is > 0 and var volume ? (int)Math.Min(volume, Points) : 0;
        if (trades > 0 && trades < LeastTrades(bar))
            throw new ArgumentException($"A volume of {bar.Volume} is less than the {LeastTrades(bar)} trades that the bar's prices take.", nameof(tick));

        var random = new RandomStream(tick.TsEvent, tick.Symbol, default, 0);
        var step = StepOf(bar);
        var path = Path(bar, trades > 0 ? trades : Points, step, ref random);
        Span<long> sizes = stackalloc long[trades];
        Split(bar.Volume ?? 0, sizes, ref random);

        var (sequence, tradeId) = _next.GetValueOrDefault(tick.Symbol, (1, 1));
        var made = tick with { Source = TickSource.ReplaySynth, Bar = null };
        var ticks = new List<Tick>(2 * path.Length);
        for (var i = 0; i < path.Length; i++)
        {
            made.TsEvent = tick.TsEvent + (i == 0 ? 0 : (i * _slot) + random.Below(_slot));
            if (i == 0 || path[i] != path[i - 1])
            {
                var distance = Math.Min(step, Price.Max - Math.Abs(path[i]));
                made.Book = new BestBidOffer(new BookLevel(path[i] - distance, 1, 1), new BookLevel(path[i] + distance, 1, 1));
                ticks.Add(made with { Kind = TickKind.Quote, Sequence = sequence++ });
            }

            if (trades > 0)
            {
                var trade = new Trade(path[i], sizes[i], Side.None, tradeId++, AgentClass.Unknown, AgentClass.Unknown);
                ticks.Add(made with { Kind = TickKind.Trade, Sequence = sequence++, Trade = trade });
            }
        }

        _next[tick.Symbol] = (sequence, tradeId);
        return ticks;
    }

    // The extremes that the open and the close do not reach already.
    private static IEnumerable<long> Between(Bar bar) =>
        new[] { bar.High, bar.Low }.Where(extreme => extreme != bar.Open && extreme != bar.Close);

    private static long StepOf(Bar bar)
    {
        var step = CoarsestStep;
        while (bar.Open % step != 0 || bar.High % step != 0 || bar.Low % step != 0 || bar.Close % step != 0)
            step /= 10;
        return step;
    }

    private static long[] Path(Bar bar, int points, long step, ref RandomStream random)
    {
        var extremes = Between(bar).ToArray();
        if (random.Below(2) == 0)
            Array.Reverse(extremes);
        var path = new long[points];
        path[0] = bar.Open;
        var from = 0;
        for (var i = 0; i < extremes.Length; i++)
        {
            // Room is left for those that follow, and for the close.
            var last = points - 1 - (extremes.Length - i);
            var at = from + 1 + random.Below(last - from);
            path[at] = extremes[i];
            Wander(path, from, at, bar, step, ref random);
            from = at;
        }

        path[^1] = bar.Close;
        Wander(path, from, points - 1, bar, step, ref random);
        return path;
    }

    /// <summary>Fills in what lies between two points: on the straight line, give or take a quarter of the bar's range, and within it.</summary>
    private static void Wander(long[] path, int from, int to, Bar bar, long step, ref RandomStream random)
    {
        var quarter = (bar.High - bar.Low) / 4;
        for (var i = from + 1; i < to; i++)
        {
            var straight = path[from] + (long)((Int128)(path[to] - path[from]) * (i - from) / (to - from));
            var price = Math.Clamp(straight - quarter + random.Below((2 * quarter) + 1), bar.Low, bar.High);
            path[i] = price - ((price - bar.Low) % step);
        }
    }

    /// <summary>Splits a volume into sizes of 1 or more.</summary>
    private static void Split(long volume, Span<long> sizes, ref RandomStream random)
    {
        Span<long> upTo = stackalloc long[sizes.Length];
        var total = 0L;
        for (var i = 0; i < sizes.Length; i++)
            upTo[i] = total += 1 + random.Below(LargestWeight);
        var given = 0L;
        for (var i = 0; i < sizes.Length; i++)
        {
            var due = (long)((Int128)(volume - sizes.Length) * upTo[i] / total);
            sizes[i] = 1 + due - given;
            given = due;
        }
    }
}
