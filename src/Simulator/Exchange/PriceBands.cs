using StockActors.Market;
using StockActors.Simulator.Book;

namespace StockActors.Simulator.Exchange;

/// <summary>
/// Limit-up and limit-down: the prices between which a symbol may trade, a fraction about the average of its trades over five minutes. Modelled on the
/// American plan: the reference follows the average when it has moved by a percent, at most every 30 s; a best bid at the upper band or a best offer at
/// the lower one is a limit state, and one that lasts halts trading. All prices in price ticks, and on the symbol's grid.
/// </summary>
internal sealed class PriceBands(double percent, PriceGrid grid)
{
    /// <summary>How long a limit state may last.</summary>
    public const long LimitState = 15 * UnixNanos.PerSecond;

    /// <summary>How long trading is halted by one that lasts longer.</summary>
    public const long Halt = 5 * 60 * UnixNanos.PerSecond;

    private const int BucketSeconds = 10;
    private const int Buckets = 5 * 60 / BucketSeconds;
    private const int SecondsBetween = 30;
    private const double LeastMove = 0.01;

    private readonly long[] _sums = new long[Buckets];
    private readonly int[] _counts = new int[Buckets];
    private long _reference;
    private int _seconds;

    /// <summary>The upper band; 0 where none is in force.</summary>
    public long Up { get; private set; }

    /// <summary>The lower band; 0 where none is in force.</summary>
    public long Down { get; private set; }

    /// <summary>Whether bands are in force.</summary>
    public bool IsOn => Up > 0;

    /// <summary>Bands come into force about a price, that of an auction.</summary>
    public void Begin(long reference)
    {
        Array.Clear(_sums);
        Array.Clear(_counts);
        Set(reference);
    }

    /// <summary>None are in force.</summary>
    public void End() => (Up, Down) = (0, 0);

    /// <summary>A trade in continuous trading.</summary>
    public void Trade(long price)
    {
        _sums[_seconds / BucketSeconds] += price;
        _counts[_seconds / BucketSeconds]++;
    }

    /// <summary>A second passes.</summary>
    public void Step()
    {
        _seconds = (_seconds + 1) % (Buckets * BucketSeconds);
        if (_seconds % BucketSeconds == 0)
            _sums[_seconds / BucketSeconds] = _counts[_seconds / BucketSeconds] = 0;
        if (!IsOn || _seconds % SecondsBetween != 0)
            return;
        var (sum, count) = (0L, 0L);
        for (var i = 0; i < Buckets; i++)
            (sum, count) = (sum + _sums[i], count + _counts[i]);
        if (count > 0 && Math.Abs((sum / count) - _reference) >= _reference * LeastMove)
            Set(grid.AtOrBelow(sum / count));
    }

    private void Set(long reference)
    {
        _reference = reference;
        var width = Math.Max(1, (long)(reference * percent / 100));
        Up = Math.Max(grid.AtOrBelow(reference + width), grid.AtOrAbove(reference + 1));
        Down = Math.Max(grid.AtOrAbove(0), Math.Min(grid.AtOrAbove(reference - width), grid.AtOrBelow(reference - 1)));
    }
}
