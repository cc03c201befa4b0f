using StockActors.Market;
using StockActors.Simulator.Scenarios;

namespace StockActors.Simulator.Exchange;

/// <summary>
/// What a symbol is worth over a day, and how agitated it is, second by second: a function of seed, symbol, day and previous close alone, and what of it
/// all symbols share of seed and day. The logarithm of the value is drawn back to that of the start price; its volatility is a
/// <see cref="ClusteringModel"/>'s.
/// </summary>
internal sealed class Fundamental
{
    private const int Stream = -1;
    private const int VolatilityStream = -2;

    private readonly Volatility _marketVolatility;
    private readonly Volatility _ownVolatility;
    private readonly double[] _levels;
    private readonly double[] _activity;
    private readonly int _components;
    private readonly double _norm;
    private readonly SessionModel _session;
    private readonly double _start;
    private readonly double _decay;
    private readonly double _beta;
    private readonly double _factorDeviation;
    private readonly double _factorJumps;
    private readonly double _factorJump;
    private readonly double _drift;
    private readonly double _deviation;
    private readonly double _jumps;
    private readonly double _jump;
    private readonly double _pull;
    private RandomStream _factor;
    private RandomStream _own;
    private double _log;
    private double _sinceOpen = 1;
    private double _untilClose;

    /// <param name="spec">The symbol.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="day">The day.</param>
    /// <param name="previousClose">The close of the day before, in units of 1e-9.</param>
    public Fundamental(MarketSpec spec, long seed, TradingDay day, long previousClose)
    {
        var (scenario, own, mix) = (spec.Scenario, spec.Volatility, spec.Traders);
        var clustering = scenario.Clustering;
        _session = scenario.Session;
        _factor = new RandomStream(seed, "", day.Date, Stream);
        _own = new RandomStream(seed, spec.Symbol, day.Date, Stream);
        _marketVolatility = new Volatility(clustering, clustering.MarketComponents, seed, "", day, VolatilityStream);
        _ownVolatility = new Volatility(clustering, clustering.OwnComponents, seed, spec.Symbol, day, VolatilityStream);

        // One table for both: the mean of the squared level is 1, whatever the number of components.
        _components = clustering.MarketComponents + clustering.OwnComponents;
        var square = (PortableMath.Exp(2 * clustering.Step) + PortableMath.Exp(-2 * clustering.Step)) / 2;
        _norm = Math.Sqrt(PortableMath.Pow(square, _components));
        var marketNorm = Math.Sqrt(PortableMath.Pow(square, clustering.MarketComponents));
        _levels = [.. Enumerable.Range(-_components, (2 * _components) + 1).Select(sum => PortableMath.Exp(clustering.Step * sum))];
        _activity = [.. _levels.Select(level => PortableMath.Pow(level / _norm, mix.Arrivals.VolatilityExponent))];

        var seconds = (day.Close - day.Open) / (double)UnixNanos.PerSecond;
        var root = Math.Sqrt(seconds);
        _decay = PortableMath.Exp(-1 / (_session.DecayMinutes * 60));
        _untilClose = PortableMath.Exp(-seconds / (_session.DecayMinutes * 60));
        _start = spec.StartPrice / (double)spec.TickSize;
        _beta = own.Beta;
        _factorDeviation = scenario.Factor.DailyPercent / 100 / root / marketNorm;
        (_factorJumps, _factorJump) = (scenario.Factor.JumpsPerDay / seconds, scenario.Factor.JumpPercent / 100);
        _drift = scenario.Factor.DriftPercent / 100 / seconds;
        _deviation = own.DailyPercent / 100 / root / _norm;
        (_jumps, _jump) = (own.JumpsPerDay / seconds, own.JumpPercent / 100);
        _pull = PortableMath.Log(2) / own.HalfLifeDays / seconds;

        // Nights are as agitated as the day that follows.
        var (marketLevel, level) = (_levels[_components + _marketVolatility.Sum] / marketNorm, Level / _norm);
        _log = PortableMath.Log(previousClose / (double)spec.StartPrice)
            + (_beta * _factor.Normal() * marketLevel * scenario.Factor.OvernightPercent / 100)
            + (_own.Normal() * level * own.OvernightPercent / 100);
        Volatility = level;
        Value = _start * PortableMath.Exp(_log);
    }

    /// <summary>What the symbol is worth, in price ticks.</summary>
    public double Value { get; private set; }

    /// <summary>How agitated it is: the square is 1 on average.</summary>
    public double Volatility { get; private set; }

    /// <summary>How many orders come from outside, beside midday at average volatility.</summary>
    public double Activity =>
        _activity[_components + _marketVolatility.Sum + _ownVolatility.Sum] * Season(_session.OpenActivity, _session.CloseActivity);

    private double Level => _levels[_components + _marketVolatility.Sum + _ownVolatility.Sum];

    /// <summary>A second passes.</summary>
    public void Step()
    {
        _marketVolatility.Step();
        _ownVolatility.Step();
        _sinceOpen *= _decay;
        _untilClose /= _decay;
        var season = Season(_session.OpenVolatility, _session.CloseVolatility);
        var factor = (_factor.Normal() * _factorDeviation * season * _levels[_components + _marketVolatility.Sum]) + _drift;
        if (_factor.Chance(_factorJumps))
            factor += _factor.Normal() * _factorJump;
        var own = _own.Normal() * _deviation * season * Level;
        if (_own.Chance(_jumps))
            own += _own.Normal() * _jump;
        _log += (_beta * factor) + own - (_pull * _log);
        Volatility = Level / _norm;
        Value = _start * PortableMath.Exp(_log);
    }

    /// <summary>News.</summary>
    /// <param name="change">What the value changes by, as a fraction above −1.</param>
    public void Shock(double change)
    {
        _log += PortableMath.Log(1 + change);
        Value = _start * PortableMath.Exp(_log);
    }

    private double Season(double open, double close) => 1 + (open * _sinceOpen) + (close * _untilClose);
}
