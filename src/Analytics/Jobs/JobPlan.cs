namespace StockActors.Analytics.Jobs;

/// <summary>What is to be done of a job at a moment. It follows from the job, its slots' last entries and the clock alone.</summary>
/// <param name="Run">Slots to be run now, in their order.</param>
/// <param name="Skip">Slots that are not to be run, and why.</param>
/// <param name="Next">When there may be something to do that is not yet; something that runs may end before.</param>
/// <param name="Settled">Of the slots that begin before, all that were ever due are settled: they need not be looked at again.</param>
public sealed record JobPlan(IReadOnlyList<JobSlot> Run, IReadOnlyList<(JobSlot Slot, string Reason)> Skip, DateTimeOffset Next, DateTimeOffset Settled)
{
    /// <summary>The most missed slots that are noted as skipped: the newest.</summary>
    public const int NotedSkips = 100;

    private static readonly TimeSpan Idle = TimeSpan.FromDays(1);

    /// <summary>Makes the plan.</summary>
    /// <param name="job">The job.</param>
    /// <param name="start">Where its slots begin to be looked at.</param>
    /// <param name="last">By the beginning of a slot its last entry.</param>
    /// <param name="running">By the beginning of a slot that this runner runs when it began to.</param>
    /// <param name="isAbandoned">Whether the runner of a claim is known to be gone.</param>
    /// <param name="now">The moment.</param>
    public static JobPlan Of(
        JobDefinition job,
        DateTimeOffset start,
        IReadOnlyDictionary<DateTimeOffset, SlotEntry> last,
        IReadOnlyDictionary<DateTimeOffset, DateTimeOffset> running,
        Func<SlotEntry, bool> isAbandoned,
        DateTimeOffset now)
    {
        var run = new SortedDictionary<DateTimeOffset, JobSlot>();
        var skip = new List<(JobSlot, string)>();
        var next = now + Idle;
        foreach (var entry in last.Values.Where(entry => !entry.IsSettled && !running.ContainsKey(entry.From)))
        {
            var at = entry.Kind switch
            {
                SlotEntryKind.Claim when !isAbandoned(entry) => entry.Until ?? now,
                SlotEntryKind.Fail => entry.RetryAt!.Value,
                _ => now,
            };
            if (at <= now)
                run.Add(entry.From, entry.Slot);
            else
                next = Earlier(next, at);
        }

        var (fresh, settled, behind) = Fresh(job, start, last, running, now);
        var missed = fresh.Where(slot => now - job.Schedule.DueAt(slot) > job.MissedAfter).ToList();
        var kept = job.CatchUp switch { CatchUpPolicy.All => missed.Count, CatchUpPolicy.Latest => Math.Min(1, missed.Count), _ => 0 };
        skip.AddRange(missed.SkipLast(kept).TakeLast(NotedSkips).Select(slot => (slot, "missed: no runner was there when it was due")));
        foreach (var slot in missed.TakeLast(kept).Concat(fresh.Skip(missed.Count)))
        {
            if (job.Overlap == OverlapPolicy.Skip && running.Values.Any(began => began <= job.Schedule.DueAt(slot)))
                skip.Add((slot, "an earlier slot was still running when it was due"));
            else
                run.Add(slot.From, slot);
        }

        foreach (var coming in job.Schedule.From(behind).Take(1))
            next = Earlier(next, job.Schedule.DueAt(coming));
        var turns = job.Overlap == OverlapPolicy.Parallel ? run.Count : running.Count > 0 ? 0 : 1;
        return new JobPlan([.. run.Values.Take(turns)], skip, next, settled);
    }

    /// <summary>
    /// The slots that are due and have no entry, up to where all are settled, and what is behind the last that is due. Where not all are caught up, only slots
    /// behind the newest that has an entry count.
    /// </summary>
    private static (List<JobSlot> Slots, DateTimeOffset Settled, DateTimeOffset Behind) Fresh(
        JobDefinition job, DateTimeOffset start, IReadOnlyDictionary<DateTimeOffset, SlotEntry> last, IReadOnlyDictionary<DateTimeOffset, DateTimeOffset> running, DateTimeOffset now)
    {
        if (job.CatchUp != CatchUpPolicy.All && last.Count > 0)
            start = last.Keys.Append(start).Max();
        var slots = new List<JobSlot>();
        var (settled, behind, areAllSettled) = (start, start, true);
        foreach (var slot in job.Schedule.Due(start, now))
        {
            var entry = last.GetValueOrDefault(slot.From);
            if (entry is null && !running.ContainsKey(slot.From))
                slots.Add(slot);
            areAllSettled &= entry is { IsSettled: true };
            behind = slot.To;
            if (areAllSettled)
                settled = slot.To;
        }

        return (slots, settled, behind);
    }

    internal static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
