using System.Buffers;
using System.Collections.Concurrent;
using Akka;
using Akka.Actor;
using Akka.Streams.Dsl;
using StockActors.Market;
using StockActors.Simulator.Exchange;

namespace StockActors.Simulator;

/// <summary>
/// The markets of a lane as one stream of tick batches. Each market's failing is its own: one that fails a step, or answers too late, is restored to where
/// it stood before and asked again, while the others' answers are kept. One that fails again and again is quarantined: halted by an
/// <see cref="Intervention"/>, of which the step has the record, and not asked any more until it is resumed.
/// </summary>
public sealed class LaneMarkets
{
    /// <summary>How often a market may fail one step before it is quarantined.</summary>
    public const int MaxFailuresOfStep = 3;

    /// <summary>How often it may fail within <see cref="FailuresWithin"/>, caught up each time, before it is quarantined.</summary>
    public const int MaxFailures = 10;

    /// <summary>A stretch of simulated time, in nanoseconds.</summary>
    public const long FailuresWithin = UnixNanos.PerHour;

    private readonly string _runId;
    private readonly int _lane;
    private readonly Action<IEvent> _told;
    private readonly TimeSpan _timeout;
    private readonly TradingCalendar? _calendar;
    private readonly Seat[] _seats;
    private readonly ConcurrentQueue<(string Symbol, string Id, InterventionKind Kind, long Size)> _asked = [];
    private long _reached;

    /// <summary>Makes the stream's state, which is one stream's: one that goes on after it is made anew, from the lane's progress.</summary>
    /// <param name="markets">The lane's markets, in any order: actors that answer <see cref="MarketActor.Advance"/> and <see cref="MarketActor.Restore"/>.</param>
    /// <param name="from">Where the lane stands. Every market that is not halted there was told so before the stream's first demand.</param>
    /// <param name="interventions">The lane's interventions up to there, in their order.</param>
    /// <param name="timeout">How long a market may take to answer.</param>
    /// <param name="told">Is told what befalls a market, on any thread.</param>
    /// <param name="calendar">The exchange days; weekdays where <c>null</c>.</param>
    /// <exception cref="ArgumentException">A symbol comes twice, or the progress is of other symbols.</exception>
    public LaneMarkets(
        IReadOnlyList<(string Symbol, IActorRef Market)> markets, LaneProgress from, IReadOnlyList<Intervention> interventions, TimeSpan timeout, Action<IEvent> told,
        TradingCalendar? calendar = null)
    {
        var ordered = markets.OrderBy(m => m.Symbol, StringComparer.Ordinal).ToArray();
        for (var i = 1; i < ordered.Length; i++)
        {
            if (ordered[i].Symbol == ordered[i - 1].Symbol)
                throw new ArgumentException($"Lane {from.Lane} has two markets of {ordered[i].Symbol}.", nameof(markets));
        }

        if (!ordered.Select(m => m.Symbol).SequenceEqual(from.Markets.Select(m => m.Symbol)))
            throw new ArgumentException($"The progress of lane {from.Lane} is of other symbols than its markets.", nameof(from));

        (_runId, _lane, _reached, _timeout, _told, _calendar) = (from.RunId, from.Lane, from.Time, timeout, told, calendar);
        var ofSymbol = interventions.ToLookup(i => i.Symbol);
        _seats = [.. ordered.Zip(from.Markets, (market, position) => new Seat(market.Market, position, from.Time, [.. ofSymbol[market.Symbol]]))];
    }

    /// <summary>What befalls a market.</summary>
    public interface IEvent
    {
        /// <summary>Whose market.</summary>
        string Symbol { get; }
    }

    /// <summary>
    /// Asks every market for its ticks up to each element of the clock and merges the answers by time, symbol and sequence into one batch.
    /// One step is asked for at a time: the first on demand, each next one when the batch before it was taken. So demand pulls the clock.
    /// </summary>
    /// <param name="clock">Simulated times, rising, each the exclusive end of a step (<see cref="LaneClock"/>).</param>
    public Source<TickBatch, NotUsed> Batches(Source<long, NotUsed> clock) => clock.SelectAsync(1, StepAsync);

    /// <summary>
    /// Has something done to a market at the beginning of the next step that can have it: the batch of that step has the intervention. Where it is not
    /// done, <see cref="NotDone"/> is told, and nothing of it is in the log.
    /// </summary>
    /// <param name="symbol">A symbol of the lane.</param>
    /// <param name="id">The intervention's id; <see cref="Intervention.IsValidId"/> holds.</param>
    /// <param name="kind">What: a halted market can be resumed, another one halted or shocked.</param>
    /// <param name="size">A shock's size, in millionths.</param>
    public void Intervene(string symbol, string id, InterventionKind kind, long size = 0) => _asked.Enqueue((symbol, id, kind, size));

    private async Task<TickBatch> StepAsync(long until)
    {
        using var activity = SimulatorMetrics.Activities.StartActivity("step");
        activity?.SetTag("stockactors.lane", _lane);
        var begin = LaneClock.Begin(_reached, _calendar);
        var asked = TakeAsked(begin);
        var answers = await Task.WhenAll(_seats.Select(seat => AnswerAsync(seat, asked.GetValueOrDefault(seat.Symbol), begin, until)));
        _reached = until;
        var progress = new LaneProgress(_runId, _lane, until, Array.ConvertAll(answers, a => a.Position));
        return Merge(answers, progress, [.. answers.Where(a => a.Intervention is not null).Select(a => a.Intervention!)]);
    }

    private Dictionary<string, Intervention> TakeAsked(long begin)
    {
        // One for each market: a second one waits for the next step, where the first has taken effect.
        var taken = new Dictionary<string, Intervention>();
        for (var left = _asked.Count; left > 0 && _asked.TryDequeue(out var wanted); left--)
        {
            var (symbol, id, kind, size) = wanted;
            var seat = _seats.Single(seat => seat.Symbol == symbol);
            if (taken.ContainsKey(symbol))
                _asked.Enqueue(wanted);
            else if (seat.IsHalted != (kind == InterventionKind.Resume))
                _told(new NotDone(symbol, id, seat.IsHalted ? "it is halted" : "it is not halted, it trades"));
            else
                taken.Add(symbol, new Intervention(_runId, _lane, id, symbol, kind, kind == InterventionKind.Shock ? "news" : "operator", begin, size));
        }

        return taken;
    }

    private async Task<Answer> AnswerAsync(Seat seat, Intervention? asked, long begin, long until)
    {
        if (seat.IsHalted && asked is null)
            return new Answer([], 0, seat.Position, null);

        var resumes = asked?.Kind == InterventionKind.Resume;
        for (var failures = 0; ;)
        {
            try
            {
                // A market that was halted, or has failed, stands nowhere.
                if (failures > 0 || resumes)
                    await RestoreAsync(seat);
                var advanced = await AdvanceAsync(seat, until, asked);
                seat.Reach(advanced.Position, asked?.Kind == InterventionKind.Halt ? begin : until, asked);
                if (failures > 0)
                    _told(new CaughtUp(seat.Symbol, begin));
                return new Answer(advanced.Ticks, advanced.Count, advanced.Position, asked);
            }
            catch (Exception cause)
            {
                // Whatever it is, it is this market's alone.
                failures++;
                SimulatorMetrics.Failures.Add(1);
                var tooMany = failures == MaxFailuresOfStep || (!resumes && seat.Fail(begin));
                _told(new Failed(seat.Symbol, begin, cause));
                if (!tooMany)
                    continue;
                if (asked is not null)
                    _told(new NotDone(seat.Symbol, asked.Id, resumes ? $"it stays halted, because its market failed again: {cause.Message}" : $"its market failed: {cause.Message}"));
                return resumes ? new Answer([], 0, seat.Position, null) : Quarantine(seat, begin, cause);
            }
        }
    }

    private async Task RestoreAsync(Seat seat)
    {
        var answer = await seat.Market.Ask<object>(new MarketActor.Restore(seat.Position, seat.Time, seat.Interventions), _timeout);
        if (answer is not MarketActor.Restored)
            throw Unexpected(seat, answer);
    }

    private async Task<MarketActor.Advanced> AdvanceAsync(Seat seat, long until, Intervention? asked)
    {
        var answer = await seat.Market.Ask<object>(new MarketActor.Advance(until, asked), _timeout);
        if (answer is not MarketActor.Advanced advanced)
            throw Unexpected(seat, answer);

        // A market may have been moved by what a stream before this one still asked of it. Ticks follow from where it stands and nothing else: those that
        // begin where the lane's end are the right ones.
        var first = advanced.Position.NextSequence;
        var made = TickCounts.Of(advanced.Ticks.AsSpan(0, advanced.Count));
        foreach (ref readonly var tick in advanced.Ticks.AsSpan(0, advanced.Count))
        {
            if (TickFeeds.IsBeside(tick.Kind))
                continue;
            first = tick.Sequence!.Value;
            break;
        }

        if (first != seat.Position.NextSequence || TickFeeds.All.Any(feed => advanced.Position.Next(feed) != seat.Position.Next(feed) + made[feed]))
            throw new MarketLostException(seat.Symbol, $"it went on from sequence {first}, where the lane's next is {seat.Position.NextSequence}");
        return advanced;
    }

    private static Exception Unexpected(Seat seat, object answer) => answer switch
    {
        Akka.Actor.Status.Failure failure => failure.Cause,
        MarketActor.Diverged diverged => new MarketLostException(
            seat.Symbol, $"its replay up to {UnixNanos.Format(diverged.Time)} came to checksum {diverged.Reached:x16}, not {diverged.Expected:x16}"),
        _ => new InvalidOperationException($"The market of {seat.Symbol} answered {answer.GetType().Name}."),
    };

    /// <summary>The engine is what fails: the record of its halt is made without it.</summary>
    private Answer Quarantine(Seat seat, long begin, Exception cause)
    {
        var halt = new Intervention(
            _runId, _lane, $"fault:{seat.Symbol}:{seat.Position.NextSequence}", seat.Symbol, InterventionKind.Halt, "fault", begin);
        using var buffer = new TickBuffer();
        var tape = new MarketTape(_runId, seat.Position) { Output = buffer };
        tape.Status(begin, StatusAction.Halt, halt.Reason, isTrading: false);
        seat.Reach(tape.Position, begin, halt);
        SimulatorMetrics.Quarantined.Add(1);
        _told(new Quarantined(seat.Symbol, begin, cause));
        return new Answer(buffer.Detach(out var count), count, seat.Position, halt);
    }

    private static TickBatch Merge(Answer[] answers, LaneProgress progress, IReadOnlyList<Intervention> interventions)
    {
        var merged = ArrayPool<Tick>.Shared.Rent(answers.Sum(a => a.Count));
        var count = 0;
        var read = new int[answers.Length];

        // The market's place in the order of symbols settles equal times; its own ticks keep their order because only the first one waits.
        var heads = new PriorityQueue<int, (long TsEvent, int Market)>(answers.Length);
        for (var market = 0; market < answers.Length; market++)
        {
            if (answers[market].Count > 0)
                heads.Enqueue(market, (answers[market].Ticks[0].TsEvent, market));
        }

        while (heads.TryPeek(out var market, out _))
        {
            var (ticks, available, _, _) = answers[market];
            merged[count++] = ticks[read[market]++];
            if (read[market] < available)
                heads.DequeueEnqueue(market, (ticks[read[market]].TsEvent, market));
            else
                heads.Dequeue();
        }

        foreach (var answer in answers)
            ArrayPool<Tick>.Shared.Return(answer.Ticks);
        SimulatorMetrics.Steps.Add(1);
        SimulatorMetrics.Ticks.Add(count);
        return TickBatch.Own(merged, count, progress, interventions);
    }

    /// <summary>A market failed to make a step, or was late; it is restored and asked again, unless that was once too often.</summary>
    /// <param name="Symbol">Whose market.</param>
    /// <param name="Time">The step's beginning, in nanoseconds since 1970-01-01 UTC.</param>
    /// <param name="Cause">What it failed by.</param>
    public sealed record Failed(string Symbol, long Time, Exception Cause) : IEvent;

    /// <summary>A market that had failed has made the step.</summary>
    /// <param name="Symbol">Whose market.</param>
    /// <param name="Time">The step's beginning, in nanoseconds since 1970-01-01 UTC.</param>
    public sealed record CaughtUp(string Symbol, long Time) : IEvent;

    /// <summary>A market that failed too often is halted until it is resumed.</summary>
    /// <param name="Symbol">Whose market.</param>
    /// <param name="Time">From when on, in nanoseconds since 1970-01-01 UTC.</param>
    /// <param name="Cause">What it failed by last.</param>
    public sealed record Quarantined(string Symbol, long Time, Exception Cause) : IEvent;

    /// <summary>What was to be done to a market is not, and nothing of it is in the batch.</summary>
    /// <param name="Symbol">Whose market.</param>
    /// <param name="Id">The id of what was asked for.</param>
    /// <param name="Why">Why not.</param>
    public sealed record NotDone(string Symbol, string Id, string Why) : IEvent;

    private readonly record struct Answer(Tick[] Ticks, int Count, MarketPosition Position, Intervention? Intervention);

    /// <summary>What the lane knows of one market after the last step.</summary>
    private sealed class Seat(IActorRef market, MarketPosition position, long time, IReadOnlyList<Intervention> interventions)
    {
        private readonly Queue<long> _failures = [];

        public IActorRef Market { get; } = market;

        public string Symbol => Position.Symbol;

        public MarketPosition Position { get; private set; } = position;

        /// <summary>The simulated time of the position: a halted market stands where it was halted.</summary>
        public long Time { get; private set; } = interventions is [.., { Kind: InterventionKind.Halt } halt] ? halt.Time : time;

        /// <summary>A list is never changed: the market's actor reads it.</summary>
        public IReadOnlyList<Intervention> Interventions { get; private set; } = interventions;

        public bool IsHalted => Interventions is [.., { Kind: InterventionKind.Halt }];

        public void Reach(MarketPosition position, long time, Intervention? intervention)
        {
            (Position, Time) = (position, time);
            if (intervention is null)
                return;
            Interventions = [.. Interventions, intervention];
            _failures.Clear();
        }

        /// <summary>Notes a failure, and says whether it is one too many.</summary>
        public bool Fail(long at)
        {
            _failures.Enqueue(at);
            while (_failures.Peek() < at - FailuresWithin)
                _failures.Dequeue();
            return _failures.Count >= MaxFailures;
        }
    }
}
