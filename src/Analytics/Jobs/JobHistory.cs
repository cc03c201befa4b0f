using System.Collections.Concurrent;
using System.Text.Json;

namespace StockActors.Analytics.Jobs;

/// <summary>How the slots of all jobs stand, from their logs. Entries never change, so each is read once.</summary>
/// <param name="lake">The lake.</param>
public sealed class JobHistory(IJobLake lake)
{
    private const int ReadsAtOnce = 16;
    private const string Start = "start.json";

    private readonly ConcurrentDictionary<string, SlotEntry> _read = new(StringComparer.Ordinal);

    /// <summary>The last entry of every slot that has one, by job and time.</summary>
    /// <param name="job">Only this job's; all where it is <c>null</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="JobException">An entry can't be read.</exception>
    public async Task<IReadOnlyList<SlotEntry>> ReadAsync(string? job = null, CancellationToken cancellation = default)
    {
        var last = new Dictionary<(string Job, string Slot), (int N, string Key)>();
        await foreach (var key in lake.ListAsync(job is null ? SlotLog.Root : SlotLog.FolderOf(job), cancellation))
        {
            if (SlotLog.TryParse(key, out var entry) && (!last.TryGetValue((entry.Job, entry.Slot), out var known) || known.N < entry.N))
                last[(entry.Job, entry.Slot)] = (entry.N, key);
        }

        await Parallel.ForEachAsync(
            last.Values.Where(entry => !_read.ContainsKey(entry.Key)),
            new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellation },
            async (entry, token) => _read[entry.Key] = await SlotLog.ReadAsync(lake, entry.Key, token));
        foreach (var old in _read.Keys.Except(last.Values.Select(entry => entry.Key)).Where(key => job is null || key.StartsWith(SlotLog.FolderOf(job), StringComparison.Ordinal)).ToList())
            _read.TryRemove(old, out _);
        return [.. last.Values.Select(entry => _read[entry.Key]).OrderBy(entry => entry.Job, StringComparer.Ordinal).ThenBy(entry => entry.From)];
    }

    /// <summary>
    /// Where a job begins that says nothing of it: with the slot of the moment in which a runner has first met it. Whoever comes first decides.
    /// </summary>
    internal async Task<DateTimeOffset> StartAsync(JobDefinition job, DateTimeOffset now, CancellationToken cancellation)
    {
        if (job.Start is { } start)
            return start;
        var key = $"{SlotLog.FolderOf(job.Name)}{Start}";
        while (true)
        {
            if (await lake.GetAsync(key, cancellation) is { } stored)
                return JsonSerializer.Deserialize(stored.Content, JobsJson.Default.DateTimeOffset);
            var met = job.Schedule.At(now)?.From ?? now;
            await lake.PutIfAbsentAsync(key, JsonSerializer.SerializeToUtf8Bytes(met, JobsJson.Default.DateTimeOffset), cancellation);
        }
    }
}
