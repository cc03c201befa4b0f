using StockActors.Market;

namespace StockActors.Simulator.Exchange;

/// <summary>
/// One symbol's market on one trading day, without a clock and without actors. The day is a pure function of (seed, symbol, day, previous
/// close, interventions): whoever runs it, on whatever machine, in whatever steps, gets the same ticks byte for byte. Not thread-safe.
/// </summary>
public sealed class MarketEngine
{
    /// <summary>The version of the rules by which ticks follow from seed, symbol, day, previous close and interventions: raised with every change of the golden checksum.</summary>
    public const int Version = 1;

    private const string Schedule = "schedule";
    private const int Traders = 8;
    private const int EventsPerSecond = 4;
    private const long MeanGap = UnixNanos.PerSecond * Traders / EventsPerSecond;
    private const long ReplayStep = 60 * UnixNanos.PerSecond;

    private readonly MarketFloor _floor;
    private readonly MarketTape _tape;
    private readonly long _tickSize;
    private bool _halted;
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
    /// <param name="halted">Whether it is halted at the open: then it opens when it is resumed.</param>
    /// <exception cref="ArgumentException">The position is another symbol's, or is none at an open.</exception>
    public MarketEngine(MarketSpec spec, string runId, long seed, TradingDay day, MarketPosition atOpen, bool halted = false)
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
        _halted = halted;
        _tape = new MarketTape(runId, atOpen);
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
        var begin = Time;
        Time = Math.Min(until, Day.Close);
        if (_halted)
            return;
        _tape.Output = output;
        if (!_opened)
        {
            _opened = true;
            _floor.Time = begin;
            _tape.Status(begin, StatusAction.Open, Schedule, isTrading: true);
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
            _tape.Status(Day.Close - 1, StatusAction.Close, Schedule, isTrading: false);
        }
    }

    /// <summary>
    /// Runs the market up to an intervention's time, appends every tick before it and the record of the intervention, and has it do its effect. While the
    /// market is halted its orders stand and nothing happens; what a trader would have done in that time it does not do later.
    /// </summary>
    /// <param name="intervention">One of this symbol's, on this day, not before <see cref="Time"/>.</param>
    /// <param name="output">Takes the ticks.</param>
    /// <exception cref="ArgumentException">It is another symbol's or another time's, halts a halted market or resumes a trading one.</exception>
    public void Apply(Intervention intervention, TickBuffer output)
    {
        var halts = intervention.Kind == InterventionKind.Halt;
        if (intervention.Symbol != Position.Symbol || intervention.Time < Time || intervention.Time >= Day.Close || halts == _halted)
        {
            throw new ArgumentException(
                $"The market of {Position.Symbol}, {(_halted ? "halted" : "trading")} at {UnixNanos.Format(Time)}, cannot take {intervention}.", nameof(intervention));
        }

        Advance(intervention.Time, output);
        _tape.Output = output;
        _halted = halts;
        if (!halts)
            _floor.Wait(Time);
        _tape.Status(Time, halts ? StatusAction.Halt : StatusAction.Resume, intervention.Reason, isTrading: !halts);
    }

    /// <summary>
    /// Where the market stands at the open of its next day: numbers go on, the checksum begins anew, and the price of this day's last trade is the
    /// previous close (where there was none, it stays as it was).
    /// </summary>
    /// <exception cref="InvalidOperationException">The day is not over, and the market is not halted either.</exception>
    public MarketPosition NextDay() => Time == Day.Close || _halted
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
    /// <param name="time">The time at which it did, in nanoseconds since 1970-01-01 UTC; of a halted market, that of its halt.</param>
    /// <param name="interventions">The symbol's interventions up to then, in their order; those of earlier days may be among them.</param>
    /// <exception cref="ArgumentException">The position is another symbol's, or the interventions are none that can have been.</exception>
    public static MarketEngine Replay(MarketSpec spec, string runId, long seed, MarketPosition reached, long time, IReadOnlyList<Intervention> interventions)
    {
        // A position does not say at which numbers its day began, and the checksum covers them. How many ticks and trades there are by a
        // time does not depend on the first numbers: so the day runs once to count them, and again from the numbers that leaves.
        var day = TradingDay.At(time);
        var halted = interventions.LastOrDefault(i => i.Time < day.Open)?.Kind == InterventionKind.Halt;
        var open = reached with { NextSequence = 1, NextTradeId = 1, Checksum = TickChecksum.Empty };
        var counted = Run(open).Position;
        return Run(open with
        {
            NextSequence = Math.Max(1, reached.NextSequence - counted.NextSequence + 1),
            NextTradeId = Math.Max(1, reached.NextTradeId - counted.NextTradeId + 1),
        });

        MarketEngine Run(MarketPosition atOpen)
        {
            var engine = new MarketEngine(spec, runId, seed, day, atOpen, halted);
            using var unread = new TickBuffer();
            foreach (var intervention in interventions.Where(i => i.Time >= day.Open && i.Time <= time))
            {
                engine.RunTo(intervention.Time, unread);
                engine.Apply(intervention, unread);
            }

            engine.RunTo(time, unread);
            return engine;
        }
    }

    private void RunTo(long time, TickBuffer unread)
    {
        while (Time < time)
        {
            unread.Clear();
            Advance(Math.Min(time, Time + ReplayStep), unread);
        }
    }
}
