using StockActors.Analytics.Jobs;

namespace StockActors.Analytics.Tests.Jobs;

/// <summary>Plans, carried out on a clock that goes in steps, with a runner that is away at times.</summary>
public sealed class JobPlanTests
{
    private const int Seeds = 200;
    private static readonly DateTimeOffset Start = new(2026, 10, 24, 20, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_slot_is_run_once_and_in_order_where_all_are_caught_up()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var life = new Life(seed, CatchUpPolicy.All, OverlapPolicy.Wait);

            life.Go();

            Assert.True(life.Due.SequenceEqual(life.Run.Select(run => run.Slot)), $"seed {seed}: {life}");
            Assert.True(life.MostAtOnce <= 1, $"seed {seed}: {life}");
            Assert.True(life.Skipped.Count == 0, $"seed {seed}: {life}");
        }
    }

    [Fact]
    public void Of_missed_slots_the_newest_is_run_where_that_is_asked_for()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var life = new Life(seed, CatchUpPolicy.Latest, OverlapPolicy.Parallel);

            life.Go();

            Assert.True(life.Due.ToHashSet().SetEquals(life.Run.Select(run => run.Slot).Concat(life.Skipped)), $"seed {seed}: {life}");
            Assert.True(life.Run.DistinctBy(run => run.Slot).Count() == life.Run.Count, $"seed {seed}: {life}");

            // At each start, at most one that was missed; and none is skipped but that a newer one of those that were missed with it was run.
            Assert.True(life.Run.Where(run => run.IsLate).GroupBy(run => run.At).All(group => group.Count() == 1), $"seed {seed}: {life}");
            Assert.True(life.Skipped.All(slot => life.Run.Any(run => run.Slot.From > slot.From && run.IsLate)), $"seed {seed}: {life}");
        }
    }

    [Fact]
    public void No_missed_slot_is_run_where_none_is_caught_up()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var life = new Life(seed, CatchUpPolicy.None, OverlapPolicy.Parallel);

            life.Go();

            Assert.True(life.Run.All(run => !run.IsLate), $"seed {seed}: {life}");
            Assert.True(life.Due.ToHashSet().SetEquals(life.Run.Select(run => run.Slot).Concat(life.Skipped)), $"seed {seed}: {life}");
        }
    }

    [Fact]
    public void A_slot_that_is_due_while_another_runs_is_skipped_where_that_is_asked_for()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var life = new Life(seed, CatchUpPolicy.All, OverlapPolicy.Skip) { IsAlwaysThere = true };

            life.Go();

            Assert.True(life.MostAtOnce <= 1, $"seed {seed}: {life}");
            Assert.True(life.Due.ToHashSet().SetEquals(life.Run.Select(run => run.Slot).Concat(life.Skipped)), $"seed {seed}: {life}");
            Assert.True(life.Skipped.All(slot => life.Run.Any(run => run.At <= life.DueAt(slot) && run.Ended >= life.DueAt(slot))), $"seed {seed}: {life}");
        }
    }

    [Fact]
    public void What_has_failed_is_tried_again_when_it_is_time_and_a_claim_waits_for_its_runner()
    {
        var job = Life.Job(CatchUpPolicy.All, OverlapPolicy.Parallel);
        var slot = job.Schedule.At(Start)!.Value;
        var now = job.Schedule.DueAt(slot);
        var none = new Dictionary<DateTimeOffset, DateTimeOffset>();
        JobPlan Plan(SlotEntry entry, bool isAbandoned = false) => JobPlan.Of(job, slot.From, new Dictionary<DateTimeOffset, SlotEntry> { [slot.From] = entry }, none, _ => isAbandoned, now);
        SlotEntry Entry(SlotEntryKind kind) => new() { N = 0, Kind = kind, Job = job.Name, From = slot.From, To = slot.To, By = "x", At = now };

        var (soon, past) = (now.AddSeconds(5), now.AddSeconds(-1));
        Assert.Empty(Plan(Entry(SlotEntryKind.Fail) with { RetryAt = soon }).Run);
        Assert.Equal(soon, Plan(Entry(SlotEntryKind.Fail) with { RetryAt = soon }).Next);
        Assert.Equal([slot], Plan(Entry(SlotEntryKind.Fail) with { RetryAt = past }).Run);
        Assert.Empty(Plan(Entry(SlotEntryKind.Fail)).Run);
        Assert.Empty(Plan(Entry(SlotEntryKind.Claim) with { Until = soon }).Run);
        Assert.Equal(soon, Plan(Entry(SlotEntryKind.Claim) with { Until = soon }).Next);
        Assert.Equal([slot], Plan(Entry(SlotEntryKind.Claim) with { Until = past }).Run);
        Assert.Equal([slot], Plan(Entry(SlotEntryKind.Claim) with { Until = soon }, isAbandoned: true).Run);
        Assert.Equal([slot], Plan(Entry(SlotEntryKind.Finish)).Run);
        Assert.Equal([slot], Plan(Entry(SlotEntryKind.Release)).Run);
        Assert.Empty(Plan(Entry(SlotEntryKind.Publish)).Run);
        Assert.Empty(Plan(Entry(SlotEntryKind.Skip)).Run);
        Assert.Equal(slot.To, Plan(Entry(SlotEntryKind.Publish)).Settled);
        Assert.Equal(slot.From, Plan(Entry(SlotEntryKind.Claim) with { Until = soon }).Settled);
    }

    /// <summary>A job's life: what is due, run and skipped of it. Time goes a minute a step, over the night in which London's clocks are put back.</summary>
    private sealed class Life(int seed, CatchUpPolicy catchUp, OverlapPolicy overlap)
    {
        private readonly Random _random = new(seed);
        private readonly JobDefinition _job = Job(catchUp, overlap);
        private readonly Dictionary<DateTimeOffset, SlotEntry> _last = [];
        private readonly Dictionary<DateTimeOffset, DateTimeOffset> _running = [];
        private readonly Dictionary<DateTimeOffset, DateTimeOffset> _ends = [];
        private DateTimeOffset _now = Start;
        private DateTimeOffset _from = Start;

        public bool IsAlwaysThere { get; init; }

        public List<(JobSlot Slot, DateTimeOffset At, DateTimeOffset Ended, bool IsLate)> Run { get; } = [];

        public List<JobSlot> Skipped { get; } = [];

        public int MostAtOnce { get; private set; }

        public List<JobSlot> Due => [.. _job.Schedule.Due(Start, _now)];

        public static JobDefinition Job(CatchUpPolicy catchUp, OverlapPolicy overlap) => new()
        {
            Name = "job",
            Schedule = JobSchedule.Parse("*/20 * * * *", TimeZoneInfo.FindSystemTimeZoneById("Europe/London"), TimeSpan.FromMinutes(3)),
            Table = "t",
            Partition = ["slot"],
            Sql = "select 1",
            CatchUp = catchUp,
            Overlap = overlap,
        };

        public DateTimeOffset DueAt(JobSlot slot) => _job.Schedule.DueAt(slot);

        public void Go()
        {
            var awayUntil = Start;
            for (var minute = 0; minute < 900; minute++, _now = _now.AddMinutes(1))
            {
                EndWhatHasEnded();
                if (!IsAlwaysThere && _random.Next(60) == 0)
                    awayUntil = _now.AddMinutes(_random.Next(150));
                if (_now >= awayUntil)
                    Step();
            }

            for (_now = _now.AddMinutes(-1); Step() || _running.Count > 0;)
            {
                foreach (var slot in _ends.Keys.ToList())
                    _ends[slot] = _now;
                EndWhatHasEnded();
            }
        }

        public override string ToString() => $"{Due.Count} due, run {string.Join(' ', Run.Select(run => run.Slot))}, skipped {string.Join(' ', Skipped)}";

        private bool Step()
        {
            var plan = JobPlan.Of(_job, _from, _last, _running, _ => false, _now);
            _from = plan.Settled;
            foreach (var (slot, _) in plan.Skip)
            {
                Skipped.Add(slot);
                _last.Add(slot.From, Entry(slot, SlotEntryKind.Skip));
            }

            foreach (var slot in plan.Run)
            {
                var end = _now.AddMinutes(_random.Next(50));
                Run.Add((slot, _now, end, _now - DueAt(slot) > _job.MissedAfter));
                _running.Add(slot.From, _now);
                _ends.Add(slot.From, end);
            }

            MostAtOnce = Math.Max(MostAtOnce, _running.Count);
            return plan.Run.Count > 0;
        }

        private void EndWhatHasEnded()
        {
            foreach (var (from, _) in _ends.Where(end => end.Value <= _now).ToList())
            {
                _ends.Remove(from);
                _running.Remove(from);
                _last[from] = Entry(Run.Last(run => run.Slot.From == from).Slot, SlotEntryKind.Publish);
            }
        }

        private SlotEntry Entry(JobSlot slot, SlotEntryKind kind) => new() { N = 0, Kind = kind, Job = _job.Name, From = slot.From, To = slot.To, By = "x", At = _now };
    }
}
