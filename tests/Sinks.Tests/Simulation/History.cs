using StockActors.Sinks.Chain;
using StockActors.Sinks.Compaction;
using StockActors.Sinks.Storage;

namespace StockActors.Sinks.Tests.Simulation;

/// <summary>
/// One history of a lake, from a seed: writers that all think a lane is theirs, compactors and readers, whose every call may be held up, fail,
/// happen twice, happen later than its caller believes, or be its caller's last. The code they run is the product's own.
/// </summary>
internal sealed class History
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly LaneOptions LaneOptions = new() { RepeatAfter = TimeSpan.Zero, ConcurrentPuts = 2, MaxRecords = 6 };

    private readonly SteppedScheduler _scheduler = new();
    private readonly SteppedTime _time = new();
    private readonly Random _random;
    private readonly Mutation _mutation;
    private readonly PlanLookups _plans;
    private readonly int _faultsPerThousand;
    private readonly bool _forgets;
    private readonly List<SimulatedLane> _lanes = [];
    private readonly SimulatedLake _lake;
    private readonly List<SimulatedLife> _lives = [];
    private readonly List<Action> _late = [];
    private readonly List<(int At, Action Start)> _starts = [];
    private readonly Dictionary<SimulatedLife, Func<SimulatedLife, Task>> _roles = [];
    private SimulatedLife? _favourite;
    private int _favouredUntil;
    private Exception? _fault;
    private bool _isQuiet;

    private History(int seed, Mutation mutation)
    {
        (_random, _mutation, _plans) = (new Random(seed), mutation, Mutations.Plans(mutation));
        _faultsPerThousand = _random.Next(4) * 40;
        _forgets = _random.Next(4) == 0;
        for (var lane = 0; lane < 1 + _random.Next(3); lane++)
            _lanes.Add(new SimulatedLane(lane, _random));
        _lake = new SimulatedLake(_lanes, _time, Grace);
    }

    /// <summary>How many calls were answered.</summary>
    public int Steps { get; private set; }

    /// <summary>The lake that it came to.</summary>
    public SimulatedLake Lake => _lake;

    /// <summary>Lets a history happen.</summary>
    /// <exception cref="Violation">Something happened that never must.</exception>
    public static History Run(int seed, Mutation mutation = Mutation.None)
    {
        // The test runner's context would carry continuations to its own threads.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var history = new History(seed, mutation);
            history.Run();
            return history;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private void Run()
    {
        // Some histories are of writers that get in each other's way, some of compactors.
        var ofCompactors = _random.Next(3) == 0;
        foreach (var lane in _lanes)
        {
            if (ofCompactors)
                lane.Produce(lane.End);
            for (var i = 1 + _random.Next(ofCompactors ? 1 : 3); i > 0; i--)
            {
                var node = $"node-{_random.Next(2)}";
                _starts.Add((lane.Lane == 0 ? 0 : _random.Next(200), () => Begin(node, life => WriteAsync(life, lane))));
            }
        }

        for (var i = ofCompactors ? 3 : _random.Next(3); i > 0; i--)
        {
            var rows = 1 + _random.Next(4);
            _starts.Add((_random.Next(300), () => Begin("compactor", life => CompactAsync(life, rows))));
        }

        _starts.Add((_random.Next(100), () => Begin("reader", ReadAsync)));
        if (_forgets)
            _starts.Add((_random.Next(200), () => Begin("operator", AcceptAsync)));
        for (var end = 150 + _random.Next(500); Steps < end;)
            Step(_faultsPerThousand);
        End();
    }

    // No more faults: what was begun comes to its end, and a last compaction, alone, finds everything.
    private void End()
    {
        _isQuiet = true;
        foreach (var lane in _lanes)
            lane.Produce(lane.End);
        foreach (var life in _lives)
            life.PausedUntil = 0;
        foreach (var (_, start) in _starts)
            start();
        _starts.Clear();
        RunToEnd();
        foreach (var effect in _late)
            effect();
        _late.Clear();
        Begin("last", CompactAllAsync);
        RunToEnd();
        _lake.CheckWhole();
    }

    private void RunToEnd()
    {
        for (var limit = Steps + 5000; _lives.Exists(life => !life.Run.IsCompleted);)
        {
            SimulatedLake.Require(Steps < limit, $"it comes to no end in {Steps} steps");
            Step(faultsPerThousand: 0);
        }
    }

    private void Begin(string node, Func<SimulatedLife, Task> role)
    {
        var life = new SimulatedLife(node);
        _lives.Add(life);
        _roles[life] = role;
        life.Run = Task.Factory.StartNew(() => LiveAsync(life, role), CancellationToken.None, TaskCreationOptions.None, _scheduler).Unwrap();
        _scheduler.Drain();
    }

    private async Task LiveAsync(SimulatedLife life, Func<SimulatedLife, Task> role)
    {
        try
        {
            while (true)
            {
                try
                {
                    await role(life);
                    return;
                }
                catch (Exception e) when (e is SimulatedFailure or LaneLostException)
                {
                    // As in the product, it begins again from what stands in the lake.
                }
                catch (LaneStoppedException e) when (_forgets && e.Reason is LaneStop.LogStartsAboveChain or LaneStop.LogStartsAboveEpoch)
                {
                    await NoteAsync(life, e);
                }
            }
        }
        catch (Exception e)
        {
            _fault ??= e;
        }
    }

    private async Task NoteAsync(SimulatedLife life, LaneStoppedException stopped)
    {
        try
        {
            await Control(life).NoteAsync(_lanes[stopped.Lane].TopicId, stopped);
        }
        catch (SimulatedFailure)
        {
            // It stops again.
        }
    }

    private LaneControl Control(SimulatedLife life) => new(Seen(life), SimulatedLane.Topic, life.Node, _time);

    // An operator who accepts whatever there is to accept.
    private async Task AcceptAsync(SimulatedLife life)
    {
        while (!_isQuiet || _lives.Exists(other => other.Node.StartsWith("node", StringComparison.Ordinal) && !other.Run.IsCompleted))
        {
            var lane = _lanes[_random.Next(_lanes.Count)];
            await life.CallAsync(false, () => true);
            await Control(life).AcceptAsync(new SimulatedLog(lane, _lake, life), lane.TopicId, lane.Lane);
        }
    }

    private void Step(int faultsPerThousand)
    {
        _scheduler.Drain();
        if (_fault is not null)
            throw _fault as Violation ?? new Violation($"{_fault.GetType().Name}: {_fault.Message}");
        Steps++;
        foreach (var due in _starts.FindAll(start => start.At <= Steps))
        {
            _starts.Remove(due);
            due.Start();
        }

        if (!_isQuiet && _random.Next(1000) < 120 && Happen())
            return;
        var life = NextLife();
        if (_time.HasTimers && (life is null || (_isQuiet && _random.Next(20) == 0)))
            _time.RingNext();
        if (life is null)
            return;

        var call = life.Calls[_random.Next(life.Calls.Count)];
        life.Calls.Remove(call);
        if (_random.Next(1000) < faultsPerThousand)
            Fail(call);
        else
            Pass(call);
        if (faultsPerThousand > 0 && _random.Next(60) == 0)
            Pause(life);
        if (_random.Next(60) == 0 && _lives.FindAll(other => other.PausedUntil > Steps) is { Count: > 0 } paused)
            paused[_random.Next(paused.Count)].PausedUntil = 0;
    }

    // One is let go on for a while, which leaves the others as far behind as a pause does.
    private SimulatedLife? NextLife()
    {
        if (_favourite is { Calls.Count: > 0 } && Steps < _favouredUntil && _favourite.PausedUntil <= Steps)
            return _favourite;
        var active = _lives.FindAll(life => life.Calls.Count > 0 && life.PausedUntil <= Steps);
        _favourite = active.Count == 0 ? null : active[_random.Next(active.Count)];
        _favouredUntil = Steps + _random.Next(1, _random.Next(2) == 0 ? 4 : 40);
        return _favourite;
    }

    private static void Pass(SimulatedCall call)
    {
        call.Effect();
        call.Answer();
    }

    private void Fail(SimulatedCall call)
    {
        Exception error = call.IsConditional && _random.Next(8) > 0 ? new OutcomeUnknownException("no answer") : new SimulatedFailure();
        switch (_random.Next(5))
        {
            case 0:
                call.Fail(error);
                break;
            case 1:
                call.Effect();
                call.Fail(error);
                break;
            case 2:
                // It is on its way, and may arrive whenever it likes.
                _late.Add(call.Effect);
                call.Fail(error);
                break;
            default:
                call.Effect();
                call.Effect();
                call.Answer();
                break;
        }
    }

    /// <summary>Something that is no call.</summary>
    private bool Happen()
    {
        switch (_random.Next(8))
        {
            case 0 or 1 or 2:
                _lanes[_random.Next(_lanes.Count)].Produce(1 + _random.Next(6));
                return true;
            case 7 when _forgets:
                _lanes[_random.Next(_lanes.Count)].Forget(_random.Next(6));
                return true;
            case 3 when _late.Count > 0:
                var late = _late[_random.Next(_late.Count)];
                _late.Remove(late);
                late();
                return true;
            case 4:
                _time.Advance(TimeSpan.FromSeconds(_random.Next(90)));
                if (_time.HasTimers && _random.Next(2) == 0)
                    _time.RingNext();
                return true;
            case 5 when _faultsPerThousand > 0 && _random.Next(3) == 0:
                Kill();
                return true;
            default:
                return false;
        }
    }

    // A process that hangs is replaced, and wakes up as a zombie.
    private void Pause(SimulatedLife life)
    {
        life.PausedUntil = Steps + 20 + _random.Next(600);
        if (_random.Next(2) == 0 && _lives.Count < 12)
            Begin(life.Node, _roles[life]);
    }

    private void Kill()
    {
        var running = _lives.FindAll(life => !life.Run.IsCompleted);
        if (running.Count == 0)
            return;
        var life = running[_random.Next(running.Count)];
        _lives.Remove(life);
        _late.AddRange(life.Calls.Where(_ => _random.Next(3) == 0).Select(call => call.Effect));
        var (node, role) = (life.Node, _roles[life]);
        _starts.Add((Steps + _random.Next(50), () => Begin(node, role)));
    }

    private async Task WriteAsync(SimulatedLife life, SimulatedLane lane)
    {
        // Those of another process do as well, as long as they are asked for in time.
        var mutated = Mutations.OfWriter(_mutation, _lake, lane, life, _random.Next(2) == 0 ? _plans : new PlanLookups(), _time);
        var log = new SimulatedLog(lane, _lake, life);
        var writer = new LaneWriter(
            mutated.Lake, mutated.Log, SimulatedLane.Topic, lane.Lane, life.Node, LaneOptions, _time)
        { Scheduler = _scheduler };
        var position = (await writer.RecoverAsync()).Offset;
        while (position < lane.End || writer.CommittedPosition < lane.End)
        {
            var before = position;
            using (var batch = await log.PollAsync(position, 1 + _random.Next(5)))
            {
                writer.Add(batch);
                position = batch.NextOffset;
            }

            if (writer.IsFull || position == before || _random.Next(4) == 0)
                await writer.FlushAsync();
        }
    }

    private async Task CompactAsync(SimulatedLife life, int rowsPerObject)
    {
        var lake = Seen(life);
        var compactor = NewCompactor(lake, life, rowsPerObject);
        while (!_isQuiet)
        {
            var partitions = await lake.Catalogue.ListAsync("status", default).Select(at => at.Partition).ToListAsync();
            await compactor.RunAsync([.. partitions.Where(_ => _random.Next(3) > 0)]);
        }
    }

    private async Task CompactAllAsync(SimulatedLife life)
    {
        await new Compactor(Seen(life), life.Node, new CompactionOptions { Grace = Grace, RepeatAfter = TimeSpan.Zero }, _time).RunAsync([.. _lake.Locations.Keys]);
    }

    private Lake Seen(SimulatedLife life)
    {
        var store = new SimulatedStore(_lake, life);
        return new Lake("lake", store, new DirectoryCatalogue(store), () => new LineFormat());
    }

    private Compactor NewCompactor(Lake lake, SimulatedLife life, int rowsPerObject) => new(
        lake, life.Node, new CompactionOptions { RowsPerObject = rowsPerObject, Grace = Grace, RepeatAfter = TimeSpan.Zero }, _time)
    {
        NewSteps = (lake, partition, walks, options, claim, time) =>
            Mutations.Steps(_mutation, _lake, lake, partition, walks, options, claim, time),
    };

    private async Task ReadAsync(SimulatedLife life)
    {
        var lake = Seen(life);
        while (!_isQuiet)
        {
            var started = _time.GetTimestamp();
            var snapshot = await LakeSnapshot.ReadAsync(lake);
            if (_time.GetElapsedTime(started) < Grace)
                _lake.CheckRead(snapshot);
            await life.CallAsync(false, () => true);
        }
    }
}
