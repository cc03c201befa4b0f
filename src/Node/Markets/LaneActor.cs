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
/// fails, or its outcome can't be learnt, it starts again from there; nothing is sent twice on a guess.
/// </summary>
internal sealed class LaneActor : ReceiveActor, IWithUnboundedStash, IWithTimers
{
    private static readonly TimeSpan MarketTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StartAgainAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(2);

    private readonly int _lane;
    private readonly MarketRun _run;
    private readonly RunLog _log;
    private readonly Func<LanePublisher> _open;
    private readonly LaneTally _tally;
    private readonly CancellationTokenSource _stopped = new();
    private readonly SharedKillSwitch _clock = KillSwitches.Shared("clock");
    private readonly IReadOnlyList<MarketSpec> _specs;
    private readonly ILoggingAdapter _logger = Context.GetLogger();
    private IReadOnlyList<(string Symbol, IActorRef Market)> _markets = [];
    private LanePublisher _publisher;
    private (long Time, DateTimeOffset At) _lastProgress;

    public LaneActor(int lane, MarketRun run, RunLog log, Func<LanePublisher> open, LaneTally tally)
    {
        (_lane, _run, _log, _open, _tally) = (lane, run, log, open, tally);
        _specs = run.MarketsOf(lane);
        _publisher = open();
        Receive<Start>(_ => TakeOver());
        Receive<Drain>(_ => Finish(null));
        ReceiveHandOff();
    }

    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(int lane, MarketRun run, RunLog log, Func<LanePublisher> open, LaneTally tally) =>
        Akka.Actor.Props.Create(() => new LaneActor(lane, run, log, open, tally));

    protected override void PreStart()
    {
        base.PreStart();
        _lastProgress = (0, TimeProvider.System.GetUtcNow());
        // A lane that the cluster remembers is told nothing when it starts on another node.
        Self.Tell(new Start(_lane));
        _markets = [.. _specs.Select(spec => (spec.Symbol, Context.ActorOf(MarketActor.Props(spec, _run.RunId, _run.Seed), spec.Symbol)))];
    }

    protected override void PostStop()
    {
        _stopped.Cancel();
        _stopped.Dispose();
        _publisher.Dispose();
        _tally.Leave();
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
            var progress = await _log.ProgressAsync(_lane, _stopped.Token)
                ?? new LaneProgress(_run.RunId, _lane, _run.FirstDay.Open, [.. _specs.Select(spec => spec.AtFirstOpen)]);
            return progress.Markets.Select(m => m.Symbol).SequenceEqual(_specs.Select(s => s.Symbol))
                ? new TakenOver(progress)
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
            RestoreAsync(taken.Progress).PipeTo(Self);
            Become(() => Restoring(taken.Progress));
        });
        ReceiveEnds();
        ReceiveHandOff();
        ReceiveAny(_ => Stash.Stash());
    }

    private async Task<object> RestoreAsync(LaneProgress progress)
    {
        try
        {
            var answers = await Task.WhenAll(_markets.Zip(progress.Markets, (market, position) =>
                market.Market.Ask<object>(new MarketActor.Restore(position, progress.Time), MarketTimeout)));
            return answers.FirstOrDefault(answer => answer is not MarketActor.Restored) switch
            {
                null => new Restored(),
                MarketActor.Diverged diverged => new Stopped(new LogException(
                    $"Run {_run.RunId} can't go on: {diverged.Symbol}, re-played up to {UnixNanos.Format(diverged.Time)}, does not come to what the run has published (checksum {diverged.Reached:x16}, not {diverged.Expected:x16}). It was made with another seed, start or version; start it as it was, or name another run with --run.")),
                var other => Fault((other as Akka.Actor.Status.Failure)?.Cause ?? new InvalidOperationException($"A market answered {other.GetType().Name}.")),
            };
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
            LaneMarkets
                .Source(_markets, LaneClock.From(progress.Time, _run.Step, _run.Speed, TimeProvider.System).Via(_clock.Flow<long>()), _run.RunId, _lane, MarketTimeout)
                .Select(batch =>
                {
                    _tally.Emit(batch);
                    return batch;
                })
                .Async()
                .Via(_publisher.Transactions)
                .RunForeach(published => _tally.Acknowledge(published.Ticks, published.Progress.Time), Context.Materializer())
                .ContinueWith(done => done.Exception is { } e ? Fault(e.Flatten().InnerExceptions[0]) : new Completed(), TaskScheduler.Default)
                .PipeTo(Self);
            Become(Running);
            Stash.UnstashAll();
        });
        ReceiveEnds();
        ReceiveHandOff();
        ReceiveAny(_ => Stash.Stash());
    }

    private void Running()
    {
        Receive<Start>(_ => { });
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
        Become(() =>
        {
            ReceiveHandOff();
            ReceiveAny(_ => { });
        });
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

    private sealed record TakenOver(LaneProgress Progress);

    private sealed record Restored;

    private sealed record Completed;

    private sealed record Again;

    /// <summary>Something failed that may work next time.</summary>
    private sealed record Faulted(Exception Cause);

    /// <summary>Nothing but an operator can help.</summary>
    private sealed record Stopped(Exception Cause);
}
