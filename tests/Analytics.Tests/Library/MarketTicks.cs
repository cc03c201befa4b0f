using StockActors.Market;

namespace StockActors.Analytics.Tests;

/// <summary>
/// Ticks of a few symbols and runs from a seed, with what queries must cope with: one-sided books, halts, gaps and repeats in the sequence, sizes that come
/// and go, prints far from the market, foreign ticks without a sequence, ticks at one instant, prices of nine decimals, days with a night between them.
/// </summary>
internal sealed class MarketTicks
{
    private const long Cent = Price.One / 100;

    private static readonly (string Symbol, string Run)[] Markets =
        [("AAA", "r1"), ("AAA", "r2"), ("BRK.B", "r1"), ("BRK.B", ""), ("S001", "r1"), ("^HSI", "r2")];

    private readonly Random _random;
    private readonly List<Tick> _ticks = [];

    private MarketTicks(int seed) => _random = new Random(seed);

    public static IReadOnlyList<Tick> Of(int seed, int ticksOfAMarket, DateOnly day)
    {
        var made = new MarketTicks(seed);
        foreach (var (symbol, run) in Markets)
            made.Trade(symbol, run, ticksOfAMarket, UnixNanos.From(day) + (14 * UnixNanos.PerHour));
        return made._ticks;
    }

    /// <summary>Truths of some of these ticks' runs, about as many as ticks that might be found.</summary>
    public static IReadOnlyList<Tick> TruthsOf(IReadOnlyList<Tick> ticks, int seed)
    {
        var random = new Random(seed);
        return
        [
            .. ticks.Where(tick => tick.RunId == "r1" && (tick.Trade.Size > 1_000 || tick.Book.Bid?.Size > 10_000 || random.Next(30) == 0)).Where(_ => random.Next(2) == 0)
                .Select(tick => new Tick
                {
                    Kind = TickKind.Truth,
                    Source = TickSource.Sim,
                    Symbol = tick.Symbol,
                    RunId = tick.RunId,
                    Truth = new Truth((TruthKind)random.Next(4), tick.TsEvent - (random.Next(2) * 5 * UnixNanos.PerSecond), Side.None, null, 1, 1, 1),
                    TsEvent = tick.TsEvent + (random.Next(2) * 5 * UnixNanos.PerSecond),
                }),
        ];
    }

    private void Trade(string symbol, string run, int count, long start)
    {
        var (at, sequence, tradeId, halted) = (start + _random.NextInt64(UnixNanos.PerHour), 0L, 0L, false);
        var mid = 100 * Price.One + (_random.NextInt64(100) * Cent);
        var book = new BestBidOffer(null, null);
        for (var i = 0; i < count; i++)
        {
            at += _random.Next(20) switch { _ when _random.Next(60) == 0 => 10 * UnixNanos.PerHour, < 6 => 0, < 12 => _random.NextInt64(3_000_000), _ => _random.NextInt64(90 * UnixNanos.PerSecond) };
            sequence += _random.Next(60) switch { 0 => 0, 1 => 2 + _random.Next(5), _ => 1 };
            var tick = new Tick
            {
                Symbol = symbol,
                RunId = run,
                TsEvent = at,
                Sequence = run.Length == 0 && _random.Next(2) == 0 ? null : sequence,
                Source = run.Length == 0 ? TickSource.External : TickSource.Sim,
            };
            switch (_random.Next(30))
            {
                case 0:
                    halted = !halted;
                    tick.Kind = TickKind.Status;
                    tick.Status = new Status(
                        halted ? StatusAction.Halt : (StatusAction)_random.Next(5), _random.Next(2) == 0 ? null : "limit-up", !halted,
                        _random.Next(2) == 0 ? null : mid + (5 * Price.One), mid - (5 * Price.One));
                    break;
                case 1:
                    tick.Kind = TickKind.Bar;
                    tick.Bar = new Bar(mid, mid + Cent, mid - Cent, mid, null, 100, null, _random.Next(2) == 0 ? "1d" : "1m");
                    break;
                case < 18:
                    mid += (_random.Next(5) - 2) * Cent;
                    tick.Kind = TickKind.Quote;
                    tick.Book = book = new BestBidOffer(Level(book.Bid, mid, -1), Level(book.Ask, mid, 1));
                    break;
                default:
                    var side = (Side)_random.Next(3);
                    var price = side switch { Side.Bid => book.Ask?.Price ?? mid, Side.Ask => book.Bid?.Price ?? mid, _ => mid };
                    price = _random.Next(30) switch { 0 => price + (price / 12), 1 => price - (price / 12), 2 => price + _random.NextInt64(Cent), _ => price };
                    tick.Kind = TickKind.Trade;

                    // What is printed far from the market is now and then far too large as well.
                    var size = 1 + _random.NextInt64(300);
                    tick.Trade = new Trade(price, Math.Abs(price - mid) > Price.One && size % 2 == 0 ? size * 1_000 : size, side, run.Length == 0 ? null : ++tradeId, (AgentClass)_random.Next(6), AgentClass.Noise);
                    tick.Book = book;
                    break;
            }

            _ticks.Add(tick);
        }
    }

    // Half of the time a side stays as it is, so that sizes stand for a while; now and then one is far larger than the others.
    private BookLevel? Level(BookLevel? before, long mid, int direction) => _random.Next(12) switch
    {
        < 5 when before is not null => before,
        5 => null,
        6 => new BookLevel(mid + (direction * Cent), 20_000 + _random.NextInt64(5_000), 1),
        _ => new BookLevel(mid + (direction * (1 + _random.Next(3)) * Cent), 1 + _random.NextInt64(500), _random.Next(3) == 0 ? null : 3),
    };
}
