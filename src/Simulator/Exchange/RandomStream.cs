using System.Numerics;

namespace StockActors.Simulator.Exchange;

/// <summary>
/// A stream of random numbers that is the same on every machine: xoshiro256** (Blackman and Vigna 2018), seeded through SplitMix64
/// (Steele, Lea and Flood 2014), and variates from integers and <see cref="PortableMath"/> alone, because libraries differ in the last bit of a logarithm.
/// </summary>
internal struct RandomStream
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    /// <summary>The stream of one trader on one day of one symbol: independent of every other, for it follows from these four alone.</summary>
    public RandomStream(long seed, string symbol, DateOnly day, int trader)
    {
        var key = Mix((ulong)seed);
        foreach (var unit in symbol)
            key = Mix(key ^ unit);
        key = Mix(key ^ (ulong)symbol.Length);
        key = Mix(key ^ (ulong)day.DayNumber);
        key = Mix(key ^ (ulong)trader);
        _a = key = Mix(key);
        _b = key = Mix(key);
        _c = key = Mix(key);
        _d = Mix(key);
    }

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>A whole number from 0 to <paramref name="bound"/> − 1.</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <inheritdoc cref="Below(int)"/>
    public long Below(long bound) => (long)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>How often a fair coin shows heads before the first tails: 1 on average, 64 at most.</summary>
    public int Geometric() => BitOperations.TrailingZeroCount(Next());

    /// <summary>
    /// An exponential variate, by von Neumann's comparisons (1951): the length of the first descending run of uniforms that starts at u is
    /// odd with probability e^−u, and each run of even length adds one mean.
    /// </summary>
    /// <param name="mean">The mean, more than 0.</param>
    public long Exponential(long mean)
    {
        for (var whole = 0L; ; whole += mean)
        {
            var first = Next();
            var odd = true;
            for (ulong previous = first, next; (next = Next()) < previous; previous = next)
                odd = !odd;
            if (odd)
                return whole + (long)Math.BigMul(first, (ulong)mean, out _);
        }
    }

    /// <summary>A whole number, 0 or more, that falls off exponentially.</summary>
    /// <param name="mean">The mean of what it is cut off from, 0 or more.</param>
    public long Whole(double mean) => Exponential((long)(mean * 1024) + 1) >> 10;

    /// <summary>Above 0 and below 1.</summary>
    public double Uniform() => ((Next() >> 12) + 0.5) * (1.0 / (1L << 52));

    /// <summary>Whether something of this probability happens.</summary>
    public bool Chance(double probability) => Uniform() < probability;

    /// <summary>
    /// Nearly a standard normal variate: the number of ones among 64 bits, smoothed by a uniform. Its kurtosis is 2.97, its range about ±8.
    /// </summary>
    public double Normal() => (BitOperations.PopCount(Next()) - 32.5 + Uniform()) * (1 / 4.010403138505866);

    /// <summary>A Pareto variate, 1 or more: above x with probability x^−exponent.</summary>
    public double Pareto(double exponent) => PortableMath.Pow(Uniform(), -1 / exponent);

    private static ulong Mix(ulong z)
    {
        z += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
