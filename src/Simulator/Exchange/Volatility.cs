using StockActors.Market;
using StockActors.Simulator.Scenarios;

namespace StockActors.Simulator.Exchange;

/// <summary>
/// One set of a <see cref="ClusteringModel"/>'s components over a day: those that keep their value for days have it from the date alone, so that agitated
/// weeks follow from no memory.
/// </summary>
internal sealed class Volatility
{
    /// <summary>Where the streams of the slow components are, away from those of traders and of the day.</summary>
    private const int SlowStreams = -1_000;

    private readonly ulong[] _switches;
    private readonly int[] _signs;
    private RandomStream _random;

    /// <param name="model">The components.</param>
    /// <param name="count">How many there are in this set.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="symbol">Whose they are; empty for those that all symbols share.</param>
    /// <param name="day">The day.</param>
    /// <param name="stream">The day's stream.</param>
    public Volatility(ClusteringModel model, int count, long seed, string symbol, TradingDay day, int stream)
    {
        _random = new RandomStream(seed, symbol, day.Date, stream);
        _signs = new int[count];
        _switches = new ulong[count];
        var session = (day.Close - day.Open) / (double)UnixNanos.PerSecond;
        var seconds = model.FastestSeconds;
        for (var i = 0; i < count; i++, seconds *= model.Ratio)
        {
            if (seconds < session)
            {
                _signs[i] = Sign(_random.Next());
                _switches[i] = (ulong)(ulong.MaxValue / seconds);
                continue;
            }

            // Calendar days: five of seven are exchange days.
            var days = (int)Math.Min(100_000, Math.Ceiling(seconds / session * 7 / 5));
            _signs[i] = Sign(new RandomStream(seed, symbol, DateOnly.FromDayNumber(day.Date.DayNumber / days), SlowStreams - i).Next());
        }

        Sum = _signs.Sum();
    }

    /// <summary>How many components are high, less those that are low.</summary>
    public int Sum { get; private set; }

    /// <summary>A second passes.</summary>
    public void Step()
    {
        for (var i = 0; i < _signs.Length; i++)
        {
            var draw = _switches[i] == 0 ? ulong.MaxValue : _random.Next();
            if (draw >= _switches[i])
                continue;
            var sign = Sign(_random.Next());
            Sum += sign - _signs[i];
            _signs[i] = sign;
        }
    }

    private static int Sign(ulong bits) => (long)bits < 0 ? -1 : 1;
}
