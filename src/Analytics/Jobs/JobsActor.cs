using Akka.Actor;
using Akka.Event;

namespace StockActors.Analytics.Jobs;

/// <summary>The cluster's one runner of jobs. It is told to end by <see cref="Stop"/>, and ends once what it runs has been given back.</summary>
public sealed class JobsActor : ReceiveActor
{
    private readonly JobScheduler _scheduler;
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Made by <see cref="Props"/>.</summary>
    public JobsActor(Func<JobScheduler> scheduler)
    {
        _scheduler = scheduler();
        var log = Context.GetLogger();
        Receive<Stop>(_ => _stop.Cancel());
        Receive<Ended>(ended =>
        {
            if (ended.Error is { } error)
                log.Error(error, "The runner of jobs has failed and begins anew");
            if (ended.Error is not null && !_stop.IsCancellationRequested)
                throw ended.Error;
            Context.Stop(Self);
        });
    }

    /// <summary>The actor's props.</summary>
    /// <param name="scheduler">Makes what it runs, anew at each start.</param>
    public static Props Props(Func<JobScheduler> scheduler) => Akka.Actor.Props.Create(() => new JobsActor(scheduler));

    /// <inheritdoc/>
    protected override void PreStart() => Task.Run(() => _scheduler.RunAsync(_stop.Token)).PipeTo(Self, success: () => new Ended(null), failure: error => new Ended(error));

    /// <inheritdoc/>
    protected override void PostStop() => _stop.Cancel();

    /// <summary>Ends it.</summary>
    public sealed class Stop
    {
        private Stop()
        {
        }

        /// <summary>The message.</summary>
        public static Stop Instance { get; } = new();
    }

    private sealed record Ended(Exception? Error);
}
