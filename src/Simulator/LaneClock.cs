using Akka;
using Akka.Streams.Dsl;
using StockActors.Market;

namespace StockActors.Simulator;

/// <summary>Simulated time, cut into steps: what a lane's graph is driven by.</summary>
public static class LaneClock
{
    /// <summary>
    /// The ends of the steps after a time, without end: multiples of the step from each day's open, the day's close, and on from the next
    /// day's open. The grid hangs on the opens alone, so that it is the same wherever a lane starts again.
    /// </summary>
    /// <param name="start">The time already reached, in nanoseconds since 1970-01-01 UTC.</param>
    /// <param name="delta">The step's length in nanoseconds, 1 or more.</param>
    /// <param name="speed">
    /// How many times faster than <paramref name="time"/> simulated time runs (1 is real time), more than 0; <c>null</c> for as fast as it is
    /// pulled. Nights take no time. Simulated time waits for a late consumer and is not made up for.
    /// </param>
    /// <param name="time">Paces the clock.</param>
    /// <param name="calendar">The exchange days; weekdays where <c>null</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step or the speed are out of range.</exception>
    public static Source<long, NotUsed> From(long start, long delta, double? speed, TimeProvider time, TradingCalendar? calendar = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delta, 1);
        if (speed is { } times && !(times > 0 && double.IsFinite(times)))
            throw new ArgumentOutOfRangeException(nameof(speed), speed, "Simulated time runs at a speed above 0, or unpaced where none is given.");
        return Source.FromGraph(new LaneClockStage(start, delta, speed, time, calendar ?? TradingCalendar.Weekdays));
    }

    /// <summary>When the step after a time begins: at that time, or at the next open where no day is on.</summary>
    internal static long Begin(long reached, TradingCalendar? calendar = null) => Math.Max(reached, (calendar ?? TradingCalendar.Weekdays).At(reached).Open);

    /// <summary>The end of the step that begins at a time, and how much trading time the step holds.</summary>
    internal static (long Until, long Length) Step(long reached, long delta, TradingCalendar? calendar = null)
    {
        var day = (calendar ?? TradingCalendar.Weekdays).At(reached);
        var into = Math.Max(0, reached - day.Open);
        var until = Math.Min(day.Close - day.Open, ((into / delta) + 1) * delta);
        return (day.Open + until, until - into);
    }
}
