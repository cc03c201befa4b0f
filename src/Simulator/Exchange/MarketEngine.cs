using StockActors.Market;

namespace StockActors.Simulator.Exchange;

/// <summary>
/// One symbol's market on one trading day, without a clock and without actors. The day is a pure function of (seed, symbol, day, previous
/// close): whoever runs it, on whatever machine, in whatever steps, gets the same ticks byte for byte. Not thread-safe.
/// </summary>
public sealed class MarketEngine
{
    /// <summary>The version of the rules by which ticks follow from seed, symbol, day and previous close: raised with every change of the golden checksum.</summary>
    public const int Version = 1;

    private const int Traders = 8;
    private const int EventsPerSecond = 4;
    private const long MeanGap = UnixNanos.PerSecond * Traders / EventsPerSecond;
    private const long ReplayStep = 60 * UnixNanos.PerSecond;

    private readonly MarketFloor _floor;
    private readonly MarketTape _tape;
    private readonly long _tickSize;
    private bool _opened;
    private bool _closed;

    /// <summary>Makes the market as it stands before the day's open.</summary>
    /// <param name="spec">The market.</param>
    /// <param name="runId">The run; it is written into the ticks and nothing else follows from it.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="day">The day.</param>
    /// <param name="atOpen">
    /// Where the market stands at the open: <see cref="MarketSpec.AtFirstOpen"/> or <see cref="NextDay"/> of the day before.
    /// </param>
    /// <exception cref="ArgumentException">The position is another symbol's, or is none at an open.</exception>
    public MarketEngine(MarketSpec spec, string runId, long seed, TradingDay day, MarketPosition atOpen)
    {
        if (atOpen.Symbol != spec.Symbol)
            throw new ArgumentException($"The market of {spec.Symbol} cannot start from a position of {atOpen.Symbol}.", nameof(atOpen));
        if (atOpen is not { NextSequence: > 0, NextTradeId: > 0, Checksum: TickChecksum.Empty } || atOpen.PreviousClose < spec.TickSize)
        {
            throw new ArgumentException(
                $"{atOpen} is no position at an open: numbers begin at 1, the previous close is a price tick or more, and the checksum is that of no ticks.",
                nameof(atOpen));
        }

        Day = day;
        Time = day.Open;
        _tickSize = spec.TickSize;
        _tape = new MarketTape(spec, runId, atOpen);
        _floor = new MarketFloor(spec, _tape, atOpen.PreviousClose);
        for (var i = 0; i < Traders; i++)
            _floor.Admit(new NoiseTrader(i, new RandomStream(seed, spec.Symbol, day.Date, i), day.Open, MeanGap, spec.Lot));
    }

    /// <summary>The day.</summary>
    public TradingDay Day { get; }

    /// <summary>The simulated time reached, exclusive, in nanoseconds since 1970-01-01 UTC; from the day's open to its close.</summary>
    public long Time { get; private set; }

    /// <summary>Where the market stands at <see cref="Time"/>.</summary>
    public MarketPosition Position => _tape.Position;

    /// <summary>Runs the market up to a time and appends, in order, every tick before it.</summary>
    /// <param name="until">
    /// Exclusive, in nanoseconds since 1970-01-01 UTC. A time already reached does nothing; past the close there is nothing.
    /// </param>
    /// <param name="output">Takes the ticks.</param>
    public void Advance(long until, TickBuffer output)
    {
        if (until <= Time)
            return;
        Time = Math.Min(until, Day.Close);
        _tape.Output = output;
        if (!_opened)
        {
            _opened = true;
            _floor.Time = Day.Open;
            _tape.Status(Day.Open, StatusAction.Open, isTrading: true);
            _floor.Open();
        }

        for (var next = _floor.Next(); next.NextAction < Time; next = _floor.Next())
        {
            _floor.Time = next.NextAction;
            next.Act(_floor);
        }

        if (Time == Day.Close && !_closed)
        {
            _closed = true;
            _tape.Status(Day.Close - 1, StatusAction.Close, isTrading: false);
        }
    }

    /// <summary>
    /// Where the market stands at the next day's open: numbers go on, the checksum begins anew, and the price of this day's last trade is the
    /// previous close (where there was none, it stays as it was).
    /// </summary>
    /// <exception cref="InvalidOperationException">The day is not over.</exception>
    public MarketPosition NextDay() => Time == Day.Close
        ? Position with { PreviousClose = _floor.Last * _tickSize, Checksum = TickChecksum.Empty }
        : throw new InvalidOperationException(
            $"{Position.Symbol} has come to {UnixNanos.Format(Time)}; its next day is known at {UnixNanos.Format(Day.Close)}.");

    /// <summary>
    /// Runs a day up to a time without keeping its ticks. The engine that comes back is to be believed only where its
    /// <see cref="Position"/> equals the one that was to be reached.
    /// </summary>
    /// <param name="spec">The market.</param>
    /// <param name="runId">The run.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="reached">The position that the run says it reached.</param>
    /// <param name="time">The time at which it did, in nanoseconds since 1970-01-01 UTC.</param>
    public static MarketEngine Replay(MarketSpec spec, string runId, long seed, MarketPosition reached, long time)
    {
        // A position does not say at which numbers its day began, and the checksum covers them. How many ticks and trades there are by a
        // time does not depend on the first numbers: so the day runs once to count them, and again from the numbers that leaves.
        var day = TradingDay.At(time);
        var open = reached with { NextSequence = 1, NextTradeId = 1, Checksum = TickChecksum.Empty };
        var counted = Run(open).Position;
        return Run(open with
        {
            NextSequence = Math.Max(1, reached.NextSequence - counted.NextSequence + 1),
            NextTradeId = Math.Max(1, reached.NextTradeId - counted.NextTradeId + 1),
        });

        MarketEngine Run(MarketPosition atOpen)
        {
            var engine = new MarketEngine(spec, runId, seed, day, atOpen);
            using var unread = new TickBuffer();
            while (engine.Time < time)
            {
                engine.Advance(Math.Min(time, engine.Time + ReplayStep), unread);
                unread.Clear();
            }

            return engine;
        }
    }
}
