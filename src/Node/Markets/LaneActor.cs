using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using StockActors.Market;
using StockActors.Pipeline;
using StockActors.Simulator;
using StockActors.Simulator.Exchange;

namespace StockActors.Node.Markets;

/// <summary>
/// One lane of the run: the parent of its symbols' market actors, and the graph from their clock to the log. It needs no memory but the log's: it
/// fences whoever published the lane before, reads its progress, has its markets re-play the day up to there, and goes on.
/// </summary>
internal sealed class LaneActor : ReceiveActor, IWithUnboundedStash
{
    private static readonly TimeSpan MarketTimeout = TimeSpan.FromMinutes(2);

    private readonly int _lane;
    private readonly MarketRun _run;
    private readonly KafkaLog _log;
    private readonly LanePublisher _publisher;
    private readonly LaneTally _tally;
    private readonly CancellationTokenSource _stopped = new();
    private readonly SharedKillSwitch _clock = KillSwitches.Shared("clock");
    private IReadOnlyList<(string Symbol, IActorRef Market)> _markets = [];

    public LaneActor(int lane, MarketRun run, KafkaLog log, LanePublisher publisher, LaneTally tally)
    {
        (_lane, _run, _log, _publisher, _tally) = (lane, run, log, publisher, tally);
        Receive<Start>(_ =>
        {
            TakeOverAsync().PipeTo(Self);
            Become(TakingOver);
        });
        Receive<Drain>(_ => Finish(null));
    }

    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;

    public static Props Props(int lane, MarketRun run, KafkaLog log, LanePublisher publisher, LaneTally tally) =>
        Akka.Actor.Props.Create(() => new LaneActor(lane, run, log, publisher, tally));

    protected override void PostStop()
    {
        _stopped.Cancel();
        _stopped.Dispose();
        _publisher.Dispose();
        base.PostStop();
    }

    /// <summary>Another publisher may still be at it; nobody else is once this has returned.</summary>
    private async Task<object> TakeOverAsync()
    {
        try
        {
            await _publisher.FenceAsync(_stopped.Token);
            return new TakenOver(await ProgressReader.ReadAsync(_log, _run.Topic, _lane, _run.RunId, _stopped.Token));
        }
        catch (Exception e)
        {
            return new Faulted(e);
        }
    }

    private void TakingOver()
    {
        Receive<TakenOver>(taken =>
        {
            var specs = _run.MarketsOf(_lane);
            var progress = taken.Progress ?? Fresh(specs);
            if (!progress.Markets.Select(m => m.Symbol).SequenceEqual(specs.Select(s => s.Symbol)))
            {
                Finish(new LogException(
                    $"Run {_run.RunId} has published other symbols to lane {_lane} of {_run.Topic} ({progress.Markets.Count}, now {specs.Count}). Start it as it was, or name another run with --run."));
                return;
            }

            _tally.Begin(progress);
            _markets = [.. specs.Select(spec => (spec.Symbol, Context.ActorOf(MarketActor.Props(spec, _run.RunId, _run.Seed), spec.Symbol)))];
            RestoreAsync(progress).PipeTo(Self);
            Become(() => Restoring(progress));
        });
        Receive<Faulted>(fault => Finish(fault.Cause));
        ReceiveAny(_ => Stash.Stash());
    }

    private LaneProgress Fresh(IReadOnlyList<MarketSpec> specs) => new(_run.RunId, _lane, _run.FirstDay.Open,
        [.. specs.Select(spec => spec.AtFirstOpen)]);

    private async Task<object> RestoreAsync(LaneProgress progress)
    {
        try
        {
            var answers = await Task.WhenAll(_markets.Zip(progress.Markets, (market, position) =>
                market.Market.Ask<object>(new MarketActor.Restore(position, progress.Time), MarketTimeout)));
            return answers.OfType<MarketActor.Diverged>().FirstOrDefault() is { } diverged
                ? new Faulted(new LogException(
                    $"Run {_run.RunId} can't go on: {diverged.Symbol}, re-played up to {UnixNanos.Format(diverged.Time)}, does not come to what the run has published (checksum {diverged.Reached:x16}, not {diverged.Expected:x16}). It was made with another seed, start or version; start it as it was, or name another run with --run."))
                : Restored.Instance;
        }
        catch (Exception e)
        {
            return new Faulted(e);
        }
    }

    private void Restoring(LaneProgress progress)
    {
        Receive<Restored>(_ =>
        {
            var self = Self;
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
                .ContinueWith(done => (object)(done.Exception is { } e ? new Faulted(e.GetBaseException()) : Completed.Instance), TaskScheduler.Default)
                .PipeTo(self);
            Become(Running);
            Stash.UnstashAll();
        });
        Receive<Faulted>(fault => Finish(fault.Cause));
        ReceiveAny(_ => Stash.Stash());
    }

    private void Running()
    {
        Receive<Start>(_ => { });
        Receive<Drain>(_ => _clock.Shutdown());
        Receive<Completed>(_ => Finish(null));
        Receive<Faulted>(fault => Finish(fault.Cause));
    }

    private void Finish(Exception? cause)
    {
        _tally.Finish(cause);
        Become(() => ReceiveAny(_ => { }));
    }

    /// <summary>To a lane, or through the shard region to one.</summary>
    public interface ILaneMessage
    {
        /// <summary>Which lane.</summary>
        int Lane { get; }
    }

    /// <summary>Begin; a lane that has begun goes on.</summary>
    public sealed record Start(int Lane) : ILaneMessage;

    /// <summary>Let time stop and publish what was made; then <see cref="LaneTally.Finished"/> completes.</summary>
    public sealed record Drain(int Lane) : ILaneMessage;

    private sealed record TakenOver(LaneProgress? Progress);

    private sealed record Faulted(Exception Cause);

    private sealed record Restored
    {
        public static Restored Instance { get; } = new();
    }

    private sealed record Completed
    {
        public static Completed Instance { get; } = new();
    }
}
