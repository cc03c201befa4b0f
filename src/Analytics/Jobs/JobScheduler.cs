namespace StockActors.Analytics.Jobs;

/// <summary>
/// Runs jobs when their slots are due, as the cluster's one runner. What it knows is in the slots' logs, so whoever comes after it goes on; that two are
/// there for a while costs work done twice, and nothing else.
/// </summary>
/// <param name="jobs">The jobs.</param>
/// <param name="lake">The lake.</param>
/// <param name="runner">Runs their slots.</param>
/// <param name="maxRunning">How many slots run at a time, of all jobs, 1 or more.</param>
/// <param name="told">Is told in a sentence what goes wrong.</param>
/// <param name="time">The clock.</param>
public sealed class JobScheduler(IReadOnlyList<JobDefinition> jobs, IJobLake lake, SlotRunner runner, int maxRunning, Action<string> told, TimeProvider time)
{
    // The wall clock may be turned while it is waited for.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TroubleWait = TimeSpan.FromSeconds(10);

    private readonly JobHistory _history = new(lake);
    private readonly Dictionary<string, State> _states = [];
    private readonly Dictionary<Task<SlotOutcome>, (JobDefinition Job, JobSlot Slot)> _running = [];
    private readonly HashSet<(string Job, DateTimeOffset From, int N)> _inherited = [];

    /// <summary>Runs until it is cancelled; slots that run are given back then.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
                await WaitAsync(await PassAsync(cancellation), cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await Task.WhenAll(_running.Keys).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>Does what is due.</summary>
    /// <returns>How long there is nothing to do, unless something ends.</returns>
    private async Task<TimeSpan> PassAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var next = now + LongestWait;
        var due = new List<(DateTimeOffset At, JobDefinition Job, JobSlot Slot)>();
        foreach (var job in jobs)
        {
            try
            {
                var state = await StateOfAsync(job, now, cancellation);
                var plan = JobPlan.Of(job, state.Start, state.Last, state.Running, IsAbandoned, now);
                state.Start = plan.Settled;
                foreach (var (slot, reason) in plan.Skip)
                    state.Last[slot.From] = await runner.SkipAsync(job, slot, reason, cancellation);
                foreach (var slot in plan.Run)
                {
                    if (state.NotBefore.GetValueOrDefault(slot.From) is var at && at > now)
                        next = JobPlan.Earlier(next, at);
                    else
                        due.Add((job.Schedule.DueAt(slot), job, slot));
                }

                next = JobPlan.Earlier(next, plan.Next);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                told($"job {job.Name}: {e.Message} It is looked at again in {TroubleWait.TotalSeconds:0} s.");
                next = JobPlan.Earlier(next, now + TroubleWait);
            }
        }

        foreach (var (_, job, slot) in due.OrderBy(slot => slot.At).Take(maxRunning - _running.Count))
            Begin(job, slot, now, cancellation);
        return next > now ? next - now : TimeSpan.Zero;
    }

    private void Begin(JobDefinition job, JobSlot slot, DateTimeOffset now, CancellationToken cancellation)
    {
        var state = _states[job.Name];
        state.Running[slot.From] = now;
        var takeOver = state.Last.TryGetValue(slot.From, out var last) && IsAbandoned(last);
        _running.Add(Task.Run(() => runner.RunAsync(job, slot, again: false, takeOver, cancellation), CancellationToken.None), (job, slot));
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var timer = Task.Delay(wait, time, stop.Token);
        await Task.WhenAny([timer, .. _running.Keys]);
        await stop.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
        foreach (var ended in _running.Keys.Where(run => run.IsCompleted).ToList())
            await EndAsync(ended, cancellation);
    }

    private async Task EndAsync(Task<SlotOutcome> ended, CancellationToken cancellation)
    {
        _running.Remove(ended, out var run);
        var (job, slot) = run;
        var state = _states[job.Name];
        state.Running.Remove(slot.From);
        try
        {
            var outcome = await ended;
            state.Last[slot.From] = outcome.Last;
            state.NotBefore.Remove(slot.From);
            AnalyticsMetrics.Ran(job.Name, outcome.Kind);
            if (outcome is { Kind: SlotOutcomeKind.Failed, Last: var last })
                told($"job {job.Name}, slot {slot}: {last.Reason} {(last.RetryAt is { } at ? $"It is tried again at {JobSlot.Text(at)}." : $"It is given up; 'stockactors jobs run {job.Name} --slot {slot}' tries it again.")}");
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // The lake, or the catalogue, is in trouble: how the slot stands is in its log, and what is left to be done is found there.
            told($"job {job.Name}, slot {slot}: {e.Message} It is looked at again in {TroubleWait.TotalSeconds:0} s.");
            state.NotBefore[slot.From] = time.GetUtcNow() + TroubleWait;
            state.IsRead = false;
        }
    }

    private async Task<State> StateOfAsync(JobDefinition job, DateTimeOffset now, CancellationToken cancellation)
    {
        if (!_states.TryGetValue(job.Name, out var state))
            _states[job.Name] = state = new State { Start = await _history.StartAsync(job, now, cancellation) };
        if (!state.IsRead)
        {
            foreach (var last in await _history.ReadAsync(job.Name, cancellation))
            {
                state.Last[last.From] = last;
                if (!state.WasRead && last is { Kind: SlotEntryKind.Claim, IsScheduled: true })
                    _inherited.Add((last.Job, last.From, last.N));
            }

            state.IsRead = state.WasRead = true;
        }

        return state;
    }

    // There is one runner at a time: what its predecessor has claimed nobody runs any more.
    private bool IsAbandoned(SlotEntry claim) =>
        claim.Kind == SlotEntryKind.Claim && (runner.IsMine(claim) || _inherited.Contains((claim.Job, claim.From, claim.N)));

    /// <summary>What is known of a job.</summary>
    private sealed class State
    {
        public DateTimeOffset Start { get; set; }

        public bool IsRead { get; set; }

        public bool WasRead { get; set; }

        public Dictionary<DateTimeOffset, SlotEntry> Last { get; } = [];

        public Dictionary<DateTimeOffset, DateTimeOffset> Running { get; } = [];

        public Dictionary<DateTimeOffset, DateTimeOffset> NotBefore { get; } = [];
    }
}
