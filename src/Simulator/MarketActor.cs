using System.Buffers;
using Akka.Actor;
using StockActors.Market;
using StockActors.Simulator.Exchange;

namespace StockActors.Simulator;

/// <summary>
/// One symbol's market as an actor: keeps its <see cref="MarketEngine"/>, advances it when the lane asks, and crosses from one trading day
/// into the next by itself. What it knows is lost with it: an actor that was restarted refuses to advance until it is told where it stands.
/// </summary>
public sealed class MarketActor : ReceiveActor
{
    private readonly MarketSpec _spec;
    private readonly string _runId;
    private readonly long _seed;
    private MarketEngine? _engine;
    private string? _lost;

    /// <summary>Makes the actor; use <see cref="Props"/>.</summary>
    public MarketActor(MarketSpec spec, string runId, long seed)
    {
        (_spec, _runId, _seed) = (spec, runId, seed);
        Receive<StartAt>(start => Begin(Days.At(start.Time)));
        Receive<Restore>(Replay);
        Receive<Advance>(Run);
    }

    /// <summary>How to make the actor of one market.</summary>
    /// <param name="spec">The market.</param>
    /// <param name="runId">The run.</param>
    /// <param name="seed">The run's seed.</param>
    public static Props Props(MarketSpec spec, string runId, long seed) => Akka.Actor.Props.Create(() => new MarketActor(spec, runId, seed));

    /// <inheritdoc/>
    protected override void PreRestart(Exception reason, object message)
    {
        Sender.Tell(new Akka.Actor.Status.Failure(reason));
        base.PreRestart(reason, message);
    }

    /// <inheritdoc/>
    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        _lost = $"it failed ({reason.Message})";
    }

    private TradingCalendar Days => _spec.Scenario.Days;

    private void Begin(TradingDay day)
    {
        _engine = new MarketEngine(_spec, _runId, _seed, day, _spec.AtFirstOpen);
        Sender.Tell(new Restored(_engine.Position));
    }

    private void Replay(Restore restore)
    {
        var engine = MarketEngine.Replay(_spec, _runId, _seed, restore.Position, restore.Time, restore.Interventions);
        if (engine.Position == restore.Position)
        {
            _engine = engine;
            Sender.Tell(new Restored(engine.Position));
            return;
        }

        _engine = null;
        _lost = $"its replay up to {UnixNanos.Format(restore.Time)} did not come to where the run had been";
        Sender.Tell(new Diverged(_spec.Symbol, restore.Position.Checksum, engine.Position.Checksum, engine.Position, restore.Time));
    }

    private void Run(Advance advance)
    {
        if (_engine is null && _lost is { } reason)
        {
            Sender.Tell(new Akka.Actor.Status.Failure(new MarketLostException(_spec.Symbol, reason)));
            return;
        }

        _engine ??= new MarketEngine(_spec, _runId, _seed, Days.At(advance.Until - 1), _spec.AtFirstOpen);

        using var buffer = new TickBuffer();
        if (advance.First is { } first)
        {
            // It may have been halted on an earlier day, whose last trade is the close before this one's.
            if (first.Time >= _engine.Day.Close)
                _engine = new MarketEngine(_spec, _runId, _seed, Days.At(first.Time), _engine.NextDay(), halted: true);
            _engine.Apply(first, buffer);
        }

        // A halted market stands where its halt put it, on that day, whatever day the step ends in.
        if (advance.First?.Kind == InterventionKind.Halt)
        {
            var halted = buffer.Detach(out var made);
            Sender.Tell(new Advanced(halted, made, _engine.Position));
            return;
        }

        // At the close itself the market already stands at the next day's open: a restart there has nothing to replay.
        for (; advance.Until >= _engine.Day.Close; _engine = new MarketEngine(_spec, _runId, _seed, Days.After(_engine.Day), _engine.NextDay()))
            _engine.Advance(_engine.Day.Close, buffer);
        _engine.Advance(advance.Until, buffer);
        var ticks = buffer.Detach(out var count);
        Sender.Tell(new Advanced(ticks, count, _engine.Position));
    }

    /// <summary>Begins a run at the open of the trading day that an instant lies in; answered by <see cref="Restored"/>. An
    /// <see cref="Advance"/> to an actor that was told nothing begins the run in its own day.</summary>
    /// <param name="Time">In nanoseconds since 1970-01-01 UTC.</param>
    public sealed record StartAt(long Time);

    /// <summary>Goes on with a run: replays the day without emitting anything; answered by <see cref="Restored"/> or <see cref="Diverged"/>.</summary>
    /// <param name="Position">Where the run says the market stands.</param>
    /// <param name="Time">The simulated time at which it does, exclusive, in nanoseconds since 1970-01-01 UTC; of a halted market, that of its halt.</param>
    /// <param name="Interventions">The symbol's interventions up to then, in their order.</param>
    public sealed record Restore(MarketPosition Position, long Time, IReadOnlyList<Intervention> Interventions);

    /// <summary>
    /// Runs the market up to a time; answered by <see cref="Advanced"/>. A time already reached is answered by no ticks: whoever lost an
    /// answer cannot have it again and must go on from its progress, with <see cref="Restore"/>.
    /// </summary>
    /// <param name="Until">Exclusive, in nanoseconds since 1970-01-01 UTC.</param>
    /// <param name="First">What is done to the market before, at the step's beginning.</param>
    public sealed record Advance(long Until, Intervention? First = null);

    /// <summary>The market stands where it was told to.</summary>
    /// <param name="Position">Where that is.</param>
    public sealed record Restored(MarketPosition Position);

    /// <summary>A replay did not come to where the run had been: another seed, another engine, or a fault. The lane must stop.</summary>
    /// <param name="Symbol">The symbol.</param>
    /// <param name="Expected">The checksum of the day's ticks that the run says was reached.</param>
    /// <param name="Reached">The checksum that the replay reached.</param>
    /// <param name="Position">Where the replay came to.</param>
    /// <param name="Time">The simulated time of both.</param>
    public sealed record Diverged(string Symbol, ulong Expected, ulong Reached, MarketPosition Position, long Time);

    /// <summary>What happened in a step.</summary>
    /// <param name="Ticks">From <see cref="ArrayPool{T}.Shared"/>, and the receiver's to return.</param>
    /// <param name="Count">How many ticks there are.</param>
    /// <param name="Position">Where the market stands after them; at a close, at the next day's open.</param>
    public sealed record Advanced(Tick[] Ticks, int Count, MarketPosition Position);
}
