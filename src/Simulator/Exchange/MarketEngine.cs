using StockActors.Market;

namespace StockActors.Simulator.Exchange;

/// <summary>
/// One symbol's market on one trading day, without a clock and without actors. The day is a pure function of (seed, symbol, day, previous
/// close, interventions): whoever runs it, on whatever machine, in whatever steps, gets the same ticks byte for byte. Not thread-safe.
/// </summary>
public sealed class MarketEngine
{
    /// <summary>The version of the rules by which ticks follow from seed, symbol, day, previous close and interventions: raised with every change of the golden checksum.</summary>
    public const int Version = 2;

    private const int ArrivalStream = -3;
    private const long ReplayStep = 60 * UnixNanos.PerSecond;
    private const long Minute = 60 * UnixNanos.PerSecond;

    private readonly MarketTape _tape;
    private readonly MarketFloor _floor;
    private readonly Fundamental _fundamental;
    private readonly Arrivals _arrivals;
    private readonly Trader[][] _classes;
    private readonly double[] _shares;
    private readonly Incident[] _incidents;
    private readonly MarketSpec _spec;
    private readonly long _seed;
    private long _second;
    private long _arrival;
    private bool _halted;
    private bool _hasOpened;

    /// <summary>Makes the market as it stands before the day's open.</summary>
    /// <param name="spec">The market.</param>
    /// <param name="runId">The run; it is written into the ticks and nothing else follows from it.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="day">The day.</param>
    /// <param name="atOpen">
    /// Where the market stands at the open: <see cref="MarketSpec.AtFirstOpen"/> or <see cref="NextDay"/> of the day before; it says whether orders and the truth are told.
    /// </param>
    /// <param name="halted">Whether it is halted at the open: then it opens when it is resumed.</param>
    /// <exception cref="ArgumentException">The position is another symbol's, or is none at an open.</exception>
    public MarketEngine(MarketSpec spec, string runId, long seed, TradingDay day, MarketPosition atOpen, bool halted = false)
    {
        if (atOpen.Symbol != spec.Symbol)
            throw new ArgumentException($"The market of {spec.Symbol} cannot start from a position of {atOpen.Symbol}.", nameof(atOpen));
        if (atOpen is not { NextSequence: > 0, NextTradeId: > 0, Checksum: TickChecksum.Empty } || !spec.IsPrice(atOpen.PreviousClose)
            || atOpen.NextSequence != atOpen.SequencesBefore + 1 || atOpen.NextTradeId != atOpen.TradesBefore + 1
            || atOpen.NextOrder != (atOpen.NextOrder > 0 ? atOpen.OrdersBefore + 1 : 0) || atOpen.NextTruth != (atOpen.NextTruth > 0 ? atOpen.TruthBefore + 1 : 0))
        {
            throw new ArgumentException(
                $"{atOpen} is no position at an open: numbers begin at 1 and follow those of the days before, the previous close is a price of the symbol, and the checksum is that of no ticks.",
                nameof(atOpen));
        }

        Day = day;
        Time = day.Open;
        (_spec, _seed) = (spec, seed);
        _halted = halted;
        _tape = new MarketTape(runId, atOpen);
        _fundamental = new Fundamental(spec, seed, day, atOpen.PreviousClose);
        _floor = new MarketFloor(spec, _tape, day, _fundamental, atOpen.PreviousClose);
        _second = day.Open + UnixNanos.PerSecond;
        _arrivals = new Arrivals(spec.Traders.Arrivals, Stream(ArrivalStream), day.Open, _fundamental.Activity);
        _arrival = _arrivals.Next(_second);

        // The order of admission is part of the day: traders' streams follow from their numbers.
        var mix = spec.Traders;
        var number = 0;
        var share = 0.0;
        List<Trader[]> classes = [];
        List<double> shares = [];
        Admit(mix.Noise.Count, mix.Noise.Share, (n, random) => new NoiseTrader(n, random, mix.Noise));
        Admit(mix.Value.Count, mix.Value.Share, (n, random) => new ValueTrader(n, random, mix.Value));
        Admit(mix.Momentum.Count, mix.Momentum.Share, (n, random) => new MomentumTrader(n, random, mix.Momentum));
        Admit(mix.MarketMakers.Count, mix.MarketMakers.Share, (n, random) => new MarketMaker(n, random, mix.MarketMakers));
        Admit(mix.Institutions.Count, mix.Institutions.Share, (n, random) => new Institution(n, random, mix.Institutions));
        (_classes, _shares) = ([.. classes], [.. shares]);
        _incidents = [.. Incident.Of(spec, seed, day, number)];
        foreach (var incident in _incidents)
            _floor.Admit(incident);

        void Admit(int count, double weight, Func<int, RandomStream, Trader> make)
        {
            if (count == 0)
                return;
            Trader[] traders = [.. Enumerable.Range(number, count).Select(n => make(n, Stream(n)))];
            foreach (var trader in traders)
                _floor.Admit(trader);
            number += count;
            classes.Add(traders);
            shares.Add(share += weight);
        }

        RandomStream Stream(int n) => new(seed, spec.Symbol, day.Date, n);
    }

    /// <summary>The day.</summary>
    public TradingDay Day { get; }

    /// <summary>The simulated time reached, exclusive, in nanoseconds since 1970-01-01 UTC; from the day's open to its close.</summary>
    public long Time { get; private set; }

    /// <summary>Where the market stands at <see cref="Time"/>.</summary>
    public MarketPosition Position => _tape.Position;

    /// <summary>Executions, new orders, replacements and cancels so far, this day.</summary>
    public long BookEvents => _floor.BookEvents;

    /// <summary>Runs the market up to a time and appends, in order, every tick before it, and among them the records of orders and of the truth where they are told.</summary>
    /// <remarks>
    /// The truth comes as it becomes known, in the same call in steps of any size. The values of a standstill come when it ends, with their own times; of a market that
    /// stands still at its close, nothing that was under way is told.
    /// </remarks>
    /// <param name="until">
    /// Exclusive, in nanoseconds since 1970-01-01 UTC. A time already reached does nothing; past the close there is nothing.
    /// </param>
    /// <param name="output">Takes the ticks.</param>
    public void Advance(long until, TickBuffer output)
    {
        if (until <= Time || Time == Day.Close)
            return;
        Time = Math.Min(until, Day.Close);
        if (_halted)
            return;
        _tape.Output = output;
        TellOpen();
        while (Proceed())
        {
        }

        if (Time == Day.Close)
            _floor.EndDay();
    }

    /// <summary>What is so at the open, once: of a market that is halted there, when it is resumed.</summary>
    private void TellOpen()
    {
        if (_hasOpened)
            return;
        _hasOpened = true;
        if (_tape.BeginsTruth)
            _tape.Run(Day.Open, new RunSetup(_seed, _spec.Scenario.Name, _spec.Configuration));
        _floor.TellValue(Day.Open);
    }

    /// <summary>Does what is next before the time reached.</summary>
    /// <returns><c>false</c> where there is nothing.</returns>
    private bool Proceed()
    {
        // What is due at one instant goes in this order: the second, the exchange, what goes wrong, the traders.
        var incident = NextIncident();
        var due = Math.Min(Math.Min(_second, _floor.Due), Math.Min(incident?.Due ?? long.MaxValue, _arrival));
        if (due >= Time)
            return false;

        // What was due while the market was halted is done when it is resumed.
        _floor.Time = Math.Max(due, _floor.Time);
        if (_second == due)
            Step();
        else if (_floor.Due == due)
            _floor.Proceed();
        else if (incident?.Due == due)
            incident.Act(_floor);
        else
            Act();
        return true;
    }

    private void Step()
    {
        StepValue();
        _arrivals.Begin(_second, _fundamental.Activity);
        _second += UnixNanos.PerSecond;
        _arrival = _arrivals.Next(_second);
    }

    private void StepValue()
    {
        _fundamental.Step();
        _floor.Step();
        if (_second % Minute == 0)
            _floor.TellValue(_second);
    }

    private void Act()
    {
        var roll = _arrivals.Roll() * _shares[^1];
        var at = 0;
        while (roll >= _shares[at])
            at++;
        var trader = _classes[at][_arrivals.Pick(_classes[at].Length)];
        if (_floor.IsCall)
            trader.ActInCall(_floor);
        else
            trader.Act(_floor);
        _arrivals.Excite();
        _arrival = _arrivals.Next(_second);
    }

    private Incident? NextIncident()
    {
        Incident? next = null;
        foreach (var incident in _incidents)
            next = incident.Due < (next?.Due ?? long.MaxValue) ? incident : next;
        return next;
    }

    /// <summary>
    /// Runs the market up to an intervention's time, appends every tick before it and the record of the intervention, and has it do its effect. While the
    /// market is halted its orders stand and nothing happens; what a trader would have done in that time it does not do later.
    /// </summary>
    /// <param name="intervention">One of this symbol's, on this day, not before <see cref="Time"/>.</param>
    /// <param name="output">Takes the ticks.</param>
    /// <exception cref="ArgumentException">It is another symbol's or another time's, resumes a trading market, or does something else to a halted one.</exception>
    public void Apply(Intervention intervention, TickBuffer output)
    {
        var resumes = intervention.Kind == InterventionKind.Resume;
        if (intervention.Symbol != Position.Symbol || intervention.Time < Time || intervention.Time >= Day.Close || resumes != _halted)
        {
            throw new ArgumentException(
                $"The market of {Position.Symbol}, {(_halted ? "halted" : "trading")} at {UnixNanos.Format(Time)}, cannot take {intervention}.", nameof(intervention));
        }

        Advance(intervention.Time, output);
        _tape.Output = output;
        _floor.Time = Time;
        switch (intervention.Kind)
        {
            case InterventionKind.Halt:
                _halted = true;
                _tape.Status(Time, StatusAction.Halt, intervention.Reason, isTrading: false);
                break;
            case InterventionKind.Resume:
                _halted = false;
                Resume();
                _floor.Tell(StatusAction.Resume, intervention.Reason);
                break;
            default:
                _fundamental.Shock(intervention.Size / 1e6);
                break;
        }
    }

    /// <summary>The value went on, the traders did not.</summary>
    private void Resume()
    {
        TellOpen();
        for (; _second <= Time; _second += UnixNanos.PerSecond)
            StepValue();

        _arrivals.Begin(Time, _fundamental.Activity);
        _arrival = _arrivals.Next(_second);
        _floor.Forget();
    }

    /// <summary>
    /// Where the market stands at the open of its next day: numbers go on, the checksum begins anew, and the price of this day's last trade is the
    /// previous close (where there was none, it stays as it was).
    /// </summary>
    /// <exception cref="InvalidOperationException">The day is not over, and the market is not halted either.</exception>
    public MarketPosition NextDay() => Time == Day.Close || _halted
        ? Position with
        {
            PreviousClose = _floor.Last * _spec.TickSize,
            Checksum = TickChecksum.Empty,
            SequencesBefore = Position.NextSequence - 1,
            TradesBefore = Position.NextTradeId - 1,
            OrdersBefore = Math.Max(0, Position.NextOrder - 1),
            TruthBefore = Math.Max(0, Position.NextTruth - 1),
        }
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
        var day = spec.Scenario.Days.At(time);
        var halted = interventions.LastOrDefault(i => i.Time < day.Open)?.Kind == InterventionKind.Halt;
        var open = reached with
        {
            NextSequence = reached.SequencesBefore + 1,
            NextTradeId = reached.TradesBefore + 1,
            Checksum = TickChecksum.Empty,
            NextOrder = reached.NextOrder > 0 ? reached.OrdersBefore + 1 : 0,
            NextTruth = reached.NextTruth > 0 ? reached.TruthBefore + 1 : 0,
        };
        var engine = new MarketEngine(spec, runId, seed, day, open, halted);
        using var unread = new TickBuffer();
        foreach (var intervention in interventions.Where(i => i.Time >= day.Open && i.Time <= time))
        {
            engine.RunTo(intervention.Time, unread);
            engine.Apply(intervention, unread);
        }

        engine.RunTo(time, unread);
        return engine;
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
