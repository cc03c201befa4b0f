using StockActors.Market;
using StockActors.Simulator.Scenarios;

namespace StockActors.Simulator.Exchange;

/// <summary>
/// When the next action is: a self-exciting process (Hawkes 1971) whose kernel is a sum of exponentials, by thinning (Ogata 1981). What comes from outside
/// is constant within a second.
/// </summary>
internal sealed class Arrivals
{
    /// <summary>No action before the end of the second.</summary>
    public const long None = long.MaxValue;

    /// <summary>So many times as many as on average, and no more: a guard, not a part of the model.</summary>
    private const double Most = 100;

    private readonly double _outside;
    private readonly double _most;
    private readonly double[] _kicks;
    private readonly double[] _rates;
    private readonly double[] _excited;
    private RandomStream _random;
    private double _base;
    private long _now;

    /// <param name="model">The process.</param>
    /// <param name="random">Its stream, for the day.</param>
    /// <param name="from">When it begins.</param>
    /// <param name="activity">How many actions come from outside then, beside midday.</param>
    public Arrivals(ArrivalModel model, RandomStream random, long from, double activity)
    {
        var scales = model.TimeScalesSeconds;
        _random = random;
        _now = from;
        _outside = model.PerSecond * (1 - model.Branching) / UnixNanos.PerSecond;
        _most = model.PerSecond * Most / UnixNanos.PerSecond;
        _rates = [.. scales.Select(scale => 1 / (scale * UnixNanos.PerSecond))];
        _kicks = [.. _rates.Select(rate => rate * model.Branching / scales.Count)];

        // It has been going on for long, at this activity.
        _excited = [.. scales.Select(_ => model.PerSecond * model.Branching / scales.Count * activity / UnixNanos.PerSecond)];
        _base = _outside * activity;
    }

    /// <summary>The next action after the last one, before an end that is that of the second; <see cref="None"/> where there is none.</summary>
    public long Next(long end)
    {
        while (true)
        {
            var bound = Math.Min(_most, Intensity());
            var next = _now + _random.Exponential((long)(1 / bound));
            if (next >= end)
            {
                Decay(end);
                return None;
            }

            Decay(next);
            if (_random.Uniform() * bound < Intensity())
                return next;
        }
    }

    /// <summary>Someone has acted: others may follow.</summary>
    public void Excite()
    {
        for (var i = 0; i < _excited.Length; i++)
            _excited[i] += _kicks[i];
    }

    /// <summary>A second begins.</summary>
    /// <param name="now">When.</param>
    /// <param name="activity">How many actions come from outside in it, beside midday.</param>
    public void Begin(long now, double activity)
    {
        Decay(now);
        _base = _outside * activity;
    }

    /// <summary>One of so many, at random.</summary>
    public int Pick(int count) => _random.Below(count);

    /// <summary>Above 0 and below 1.</summary>
    public double Roll() => _random.Uniform();

    private double Intensity()
    {
        var sum = _base;
        foreach (var excited in _excited)
            sum += excited;
        return sum;
    }

    private void Decay(long to)
    {
        var passed = (double)(to - _now);
        for (var i = 0; i < _excited.Length; i++)
            _excited[i] *= PortableMath.Exp(-passed * _rates[i]);
        _now = to;
    }
}
