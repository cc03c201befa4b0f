using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using Akka.Streams.Dsl;
using StockActors.Market;
using StockActors.Pipeline;
using StockActors.Simulator;
using StockActors.Simulator.Exchange;

namespace StockActors.Node.Markets;

/// <summary>
/// One lane of the run: the parent of its symbols' market actors, and the graph from their clock to the log. It needs no memory but the log's: it
/// fences whoever published the lane before, reads its progress, has its markets re-play the day up to there, and goes on. Where a transaction
/// fails, or its outcome can't be learnt, it starts again from there; nothing is sent twice on a guess. A market that fails is restarted and caught up, or
/// quarantined, and its siblings take no notice.
/// </summary>
internal sealed class LaneActor : ReceiveActor, IWithUnboundedStash, IWithTimers
{
    private static readonly TimeSpan RestoreTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StepTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StartAgainAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongReplay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(2);

    private readonly int _lane;
    private readonly MarketRun _run;
    private readonly RunLog _log;
    private readonly Func<LanePublisher> _open;
    private readonly LaneTally _tally;
    private readonly Func<MarketSpec, Props> _market;
    private readonly List<Intervention> _interventions = [];
    private readonly Dictionary<string, (string Symbol, List<IActorRef> Askers)> _asked = [];
    private readonly CancellationTokenSource _stopped = new();
    private readonly SharedKillSwitch _clock = KillSwitches.Shared("clock");
    private readonly IReadOnlyList<MarketSpec> _specs;
    private readonly ILoggingAdapter _logger = Context.GetLogger();
    private IReadOnlyList<(string Symbol, IActorRef Market)> _markets = [];
    private LanePublisher _publisher;
    private (long Time, DateTimeOffset At) _lastProgress;
    private long _restoringSince;

    public LaneActor(int lane, MarketRun run, RunLog log, Func<LanePublisher> open, LaneTally tally, Func<MarketSpec, Props>? market)
    {
        (_lane, _run, _log, _open, _tally) = (lane, run, log, open, tally);
        _market = market ?? (spec => MarketActor.Props(spec, run.RunId, run.Seed));
        _specs = run.MarketsOf(lane);
        _publisher = open();
        Receive<Start>(_ => TakeOver());
        Receive<Drain>(_ => Finish(null));
        ReceiveHandOff();
        ReceiveAny(_ => Stash.Stash());
    }

    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="lane">Which lane.</param>
    /// <param name="run">What is simulated.</param>
    /// <param name="log">The run's place in the log.</param>
    /// <param name="open">Makes the lane's publisher, again after each failure.</param>
    /// <param name="tally">What the lane has done, for those who watch.</param>
    /// <param name="market">How a market's actor is made; a <see cref="MarketActor"/> where <c>null</c>.</param>
    public static Props Props(int lane, MarketRun run, RunLog log, Func<LanePublisher> open, LaneTally tally, Func<MarketSpec, Props>? market = null) =>
        Akka.Actor.Props.Create(() => new LaneActor(lane, run, log, open, tally, market));

    /// <summary>A market that fails is restarted, its siblings are not; the lane says of it what there is to say.</summary>
    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(-1, Timeout.Infinite, Akka.Actor.SupervisorStrategy.DefaultDecider, loggingEnabled: false);

    protected override void PreStart()
    {
        base.PreStart();
        _lastProgress = (0, TimeProvider.System.GetUtcNow());
        // A lane that the cluster remembers is told nothing when it starts on another node.
        Self.Tell(new Start(_lane));
        _markets = [.. _specs.Select(spec => (spec.Symbol, Context.ActorOf(_market(spec), spec.Symbol)))];
    }

    protected override void PostStop()
    {
        _stopped.Cancel();
        _stopped.Dispose();
        _publisher.Dispose();
        _tally.Leave();
        RefuseAll("its lane moves to another node");
        base.PostStop();
    }

    private void TakeOver()
    {
        TakeOverAsync().PipeTo(Self);
        Become(TakingOver);
    }

    /// <summary>Another publisher may still be at it; nobody else is once this has returned.</summary>
    private async Task<object> TakeOverAsync()
    {
        try
        {
            await _publisher.FenceAsync(_stopped.Token);
            var past = await _log.PastAsync(_lane, _stopped.Token);
            var progress = past.Progress ?? new LaneProgress(_run.RunId, _lane, _run.FirstDay.Open, [.. _specs.Select(spec => spec.AtFirstOpen)]);
            return progress.Markets.Select(m => m.Symbol).SequenceEqual(_specs.Select(s => s.Symbol))
                ? new TakenOver(progress, past.Interventions)
                : new Stopped(new LogException(
                    $"Run {_run.RunId} has published other symbols to lane {_lane} of {_run.Topic} ({progress.Markets.Count}, now {_specs.Count}). Start it as it was, or name another run with --run."));
        }
        catch (Exception e)
        {
            return Fault(e);
        }
    }

    private void TakingOver()
    {
        Receive<TakenOver>(taken =>
        {
            _tally.Begin(taken.Progress);
            _interventions.Clear();
            _interventions.AddRange(taken.Interventions);
            var restores = taken.Progress.Markets.Zip(_markets)
                .Where(m => HaltOf(m.First.Symbol) is null)
                .Select(m => (m.Second.Market, new MarketActor.Restore(m.First, taken.Progress.Time, InterventionsOf(m.First.Symbol))))
                .ToList();
            _restoringSince = TimeProvider.System.GetTimestamp();
            RestoreAsync(restores).PipeTo(Self);
            Become(() => Restoring(taken.Progress));
        });
        ReceiveEnds();
        ReceiveHandOff();
        ReceiveAny(_ => Stash.Stash());
    }

    /// <summary>A market that fails here, fails its first step, and then what is done with one that fails a step is done with it.</summary>
    private async Task<object> RestoreAsync(IReadOnlyList<(IActorRef Market, MarketActor.Restore Restore)> restores)
    {
        try
        {
            var answers = await Task.WhenAll(restores.Select(m => m.Market.Ask<object>(m.Restore, RestoreTimeout)));
            return answers.OfType<MarketActor.Diverged>().FirstOrDefault() is { } diverged
                ? new Stopped(new LogException(
                    $"Run {_run.RunId} can't go on: {diverged.Symbol}, re-played up to {UnixNanos.Format(diverged.Time)}, does not come to what the run has published (checksum {diverged.Reached:x16}, not {diverged.Expected:x16}). It was made with another seed, start or version; start it as it was, or name another run with --run."))
                : new Restored();
        }
        catch (Exception e)
        {
            return Fault(e);
        }
    }

    private void Restoring(LaneProgress progress)
    {
        Receive<Restored>(_ =>
        {
            var self = Self;
            var replay = TimeProvider.System.GetElapsedTime(_restoringSince);
            if (progress.Time > _run.Scenario.Days.At(progress.Time).Open)
                _tally.CatchUp(replay);
            if (replay > LongReplay)
                _logger.Warning("Lane {0} goes on at {1}: its {2} symbols were re-played up to there in {3:0.0} s", _lane, UnixNanos.Format(progress.Time), _specs.Count, replay.TotalSeconds);
            var markets = new LaneMarkets(_markets, progress, [.. _interventions], StepTimeout, told => self.Tell(told), _run.Scenario.Days);
            markets
                .Batches(LaneClock.From(progress.Time, _run.Step, _run.Speed, TimeProvider.System, _run.Scenario.Days).Via(_clock.Flow<long>()))
                .Select(batch =>
                {
                    _tally.Emit(batch);
                    return batch;
                })
                .Async()
                .Via(_publisher.Transactions)
                .RunForeach(
                    published =>
                    {
                        _tally.Acknowledge(published.Ticks, published.Progress.Time);
                        if (published.Interventions.Count > 0)
                            self.Tell(new Committed(published.Interventions));
                    },
                    Context.Materializer())
                .ContinueWith(done => done.Exception is { } e ? Fault(e.Flatten().InnerExceptions[0]) : new Completed(), TaskScheduler.Default)
                .PipeTo(Self);
            Become(() => Running(markets));
            Stash.UnstashAll();
        });
        ReceiveEnds();
        ReceiveHandOff();
        ReceiveAny(_ => Stash.Stash());
    }

    private void Running(LaneMarkets markets)
    {
        Receive<Start>(_ => { });
        Receive<Show>(_ => Sender.Tell(Shown()));
        Receive<Intervene>(asked => Take(asked, markets));
        Receive<Committed>(Acknowledge);
        Receive<LaneMarkets.IEvent>(Tell);
        Receive<Drain>(_ => _clock.Shutdown());
        Receive<Completed>(_ => Finish(null));
        Receive<HandOff>(_ =>
        {
            _clock.Shutdown();
            Become(HandingOff);
        });
        ReceiveEnds();
    }

    /// <summary>What was made is published first; the lane's next owner goes on from there, whether that went well or not.</summary>
    private void HandingOff()
    {
        Receive<Committed>(Acknowledge);
        Receive<Intervene>(asked => Sender.Tell(new Refused(asked.Symbol, "its lane moves to another node; ask again")));
        Receive<Completed>(_ => Context.Stop(Self));
        Receive<Faulted>(_ => Context.Stop(Self));
        Receive<Stopped>(_ => Context.Stop(Self));
        ReceiveAny(_ => { });
    }

    private void ReceiveHandOff() => Receive<HandOff>(_ => Context.Stop(Self));

    private void ReceiveEnds()
    {
        Receive<Stopped>(stopped => Finish(stopped.Cause));
        Receive<Faulted>(StartAgain);
    }

    /// <summary>What has failed may have been committed all the same, or not: only the log knows, so the lane asks it anew.</summary>
    private void StartAgain(Faulted fault)
    {
        var now = TimeProvider.System.GetUtcNow();
        var reached = _tally.Read().Time;
        if (reached > _lastProgress.Time)
            _lastProgress = (reached, now);
        if (now - _lastProgress.At > GiveUpAfter)
        {
            Finish(fault.Cause);
            return;
        }

        _logger.Warning("Lane {0} starts again from its progress: {1}", _lane, fault.Cause.Message);
        RefuseAll("its lane starts again");
        _publisher.Dispose();
        _publisher = _open();
        Timers.StartSingleTimer(nameof(Again), new Again(), StartAgainAfter);
        Become(() =>
        {
            Receive<Again>(_ => TakeOver());
            ReceiveHandOff();
            ReceiveAny(_ => Stash.Stash());
        });
    }

    private void Finish(Exception? cause)
    {
        _tally.Finish(cause);
        var stopped = cause is null ? "its lane publishes nothing more" : $"its lane has stopped: {cause.Message}";
        RefuseAll(stopped);
        Become(() =>
        {
            ReceiveHandOff();
            Receive<Show>(_ => Sender.Tell(Shown(stopped)));
            Receive<Intervene>(asked => Sender.Tell(new Refused(asked.Symbol, stopped)));
            ReceiveAny(_ => { });
        });
        Stash.UnstashAll();
    }

    private IReadOnlyList<Intervention> InterventionsOf(string symbol) => [.. _interventions.Where(i => i.Symbol == symbol)];

    /// <summary>What a symbol that is halted is halted by, as far as it is in the log.</summary>
    private Intervention? HaltOf(string symbol) =>
        _interventions.LastOrDefault(i => i.Symbol == symbol) is { Kind: InterventionKind.Halt } halt ? halt : null;

    private LaneShown Shown(string? problem = null) => new(
        _lane, _tally.Read().Time, [.. _specs.Select(spec => HaltOf(spec.Symbol) is { } halt
            ? new MarketShown(spec.Symbol, halt.Time, halt.Reason)
            : new MarketShown(spec.Symbol, null, null))], problem);

    private void Take(Intervene asked, LaneMarkets markets)
    {
        var halt = HaltOf(asked.Symbol);
        if (_interventions.FirstOrDefault(i => i.Id == asked.Id) is { } done)
        {
            Sender.Tell(done.Symbol == asked.Symbol && done.Kind == asked.Kind && done.Size == asked.Size
                ? new Done(done.Symbol, done.Id, done.Time)
                : new Refused(asked.Symbol, $"the id {asked.Id} was given to another intervention, of {done.Symbol} at {UnixNanos.Format(done.Time)}; name another with --id"));
        }
        else if (_specs.All(spec => spec.Symbol != asked.Symbol))
        {
            Sender.Tell(new Refused(asked.Symbol, $"lane {_lane} of run {_run.RunId} has no such symbol"));
        }
        else if (asked.Kind == InterventionKind.Resume && halt is null)
        {
            Sender.Tell(new Refused(asked.Symbol, "it is not halted, it trades"));
        }
        else if (asked.Kind != InterventionKind.Resume && halt is not null)
        {
            Sender.Tell(new Refused(asked.Symbol, $"it is halted since {UnixNanos.Format(halt.Time)} ({halt.Reason})"));
        }
        else if (_asked.TryGetValue(asked.Id, out var same))
        {
            same.Askers.Add(Sender);
        }
        else
        {
            _asked.Add(asked.Id, (asked.Symbol, [Sender]));
            markets.Intervene(asked.Symbol, asked.Id, asked.Kind, asked.Size);
        }
    }

    private void Acknowledge(Committed committed)
    {
        foreach (var done in committed.Interventions)
        {
            _interventions.Add(done);
            if (done.Reason == "fault")
                continue;
            _logger.Warning("Lane {0}: {1} {2} from {3} on ({4})", _lane, done.Symbol, TickText.Deed(done.Kind, done.Size), UnixNanos.Format(done.Time), done.Id);
            Answer(done.Id, new Done(done.Symbol, done.Id, done.Time));
        }
    }

    private void Tell(LaneMarkets.IEvent told)
    {
        switch (told)
        {
            case LaneMarkets.Failed failed:
                _logger.Warning("Lane {0}: the market of {1} failed at {2}: {3}", _lane, failed.Symbol, UnixNanos.Format(failed.Time), failed.Cause.Message);
                break;
            case LaneMarkets.CaughtUp caughtUp:
                _logger.Warning("Lane {0}: the market of {1} was restarted and caught up at {2}", _lane, caughtUp.Symbol, UnixNanos.Format(caughtUp.Time));
                break;
            case LaneMarkets.Quarantined quarantined:
                _logger.Warning(
                    "Lane {0}: {1} is halted from {2} on, because its market failed too often, last by: {3}. The lane goes on; 'stockactors market resume {1}' resumes it",
                    _lane, quarantined.Symbol, UnixNanos.Format(quarantined.Time), quarantined.Cause.Message);
                break;
            case LaneMarkets.NotDone notDone:
                Answer(notDone.Id, new Refused(notDone.Symbol, notDone.Why));
                break;
        }
    }

    private void Answer(string id, object answer)
    {
        if (!_asked.Remove(id, out var asked))
            return;
        foreach (var asker in asked.Askers)
            asker.Tell(answer);
    }

    /// <summary>Whether it was done, the log will tell: who asks again under the same id learns it, and has it done where it was not.</summary>
    private void RefuseAll(string why)
    {
        foreach (var (id, (symbol, _)) in _asked.ToList())
            Answer(id, new Refused(symbol, $"it may have been done or not, because {why}; ask again with --id {id}"));
    }

    private static object Fault(Exception e) => e is LaneFencedException or LogContradictionException ? new Stopped(e) : new Faulted(e);

    /// <summary>To a lane, or through the shard region to one.</summary>
    public interface ILaneMessage
    {
        /// <summary>Which lane.</summary>
        int Lane { get; }
    }

    /// <summary>Begin: through the shard region, this makes the lane, which begins by itself and is remembered.</summary>
    public sealed record Start(int Lane) : ILaneMessage;

    /// <summary>Let time stop and publish what was made; then <see cref="LaneTally.Finished"/> completes.</summary>
    public sealed record Drain(int Lane) : ILaneMessage;

    /// <summary>From the shard: the lane moves to another node.</summary>
    public sealed record HandOff
    {
        /// <summary>The only one.</summary>
        public static readonly HandOff Instance = new();
    }

    /// <summary>Do something to a symbol; answered by <see cref="Done"/> after its commit, or <see cref="Refused"/>.</summary>
    /// <param name="Lane">The symbol's lane.</param>
    /// <param name="Symbol">The symbol.</param>
    /// <param name="Kind">What.</param>
    /// <param name="Id">The intervention's id: one that was done is answered as it was then.</param>
    /// <param name="Size">A shock's size, in millionths.</param>
    public sealed record Intervene(int Lane, string Symbol, InterventionKind Kind, string Id, long Size = 0) : ILaneMessage;

    /// <summary>Asks what the lane's symbols do; answered by <see cref="LaneShown"/>.</summary>
    public sealed record Show(int Lane) : ILaneMessage;

    /// <summary>It was done, and the log has it.</summary>
    /// <param name="Symbol">The symbol.</param>
    /// <param name="Id">The intervention's id.</param>
    /// <param name="Time">From when on, in nanoseconds since 1970-01-01 UTC.</param>
    public sealed record Done(string Symbol, string Id, long Time);

    /// <summary>It was not done.</summary>
    /// <param name="Symbol">The symbol.</param>
    /// <param name="Why">Why, and what can be done.</param>
    public sealed record Refused(string Symbol, string Why);

    /// <summary>A lane as its operator sees it.</summary>
    /// <param name="Lane">Which.</param>
    /// <param name="Time">The simulated time that the log has, in nanoseconds since 1970-01-01 UTC.</param>
    /// <param name="Markets">Its symbols.</param>
    /// <param name="Problem">What it has stopped for; <c>null</c> where it goes on.</param>
    public sealed record LaneShown(int Lane, long Time, MarketShown[] Markets, string? Problem);

    /// <summary>A symbol as its operator sees it.</summary>
    /// <param name="Symbol">The symbol.</param>
    /// <param name="HaltedAt">Since when it is halted, in nanoseconds since 1970-01-01 UTC; <c>null</c> where it trades.</param>
    /// <param name="Reason">What for.</param>
    public sealed record MarketShown(string Symbol, long? HaltedAt, string? Reason);

    private sealed record TakenOver(LaneProgress Progress, IReadOnlyList<Intervention> Interventions);

    /// <summary>What was done to the lane's markets is in the log.</summary>
    private sealed record Committed(IReadOnlyList<Intervention> Interventions);

    private sealed record Restored;

    private sealed record Completed;

    private sealed record Again;

    /// <summary>Something failed that may work next time.</summary>
    private sealed record Faulted(Exception Cause);

    /// <summary>Nothing but an operator can help.</summary>
    private sealed record Stopped(Exception Cause);
}
