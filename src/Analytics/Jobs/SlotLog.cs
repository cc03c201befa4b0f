using System.Globalization;
using System.Text.Json;

namespace StockActors.Analytics.Jobs;

/// <summary>A slot's log in the lake: <c>_jobs/JOB/SLOT/N.json</c>, N from 0.</summary>
internal sealed class SlotLog(IJobLake lake, string job, JobSlot slot)
{
    /// <summary>The folder of all logs.</summary>
    public const string Root = "_jobs/";

    private const string Extension = ".json";

    private string Folder => $"{FolderOf(job)}{slot.Name}/";

    /// <summary>The folder of a job's logs.</summary>
    public static string FolderOf(string job) => $"{Root}{job}/";

    /// <summary>The job, the slot's name and the number in the key of an entry.</summary>
    public static bool TryParse(string key, out (string Job, string Slot, int N) entry)
    {
        entry = default;
        var parts = key.Split('/');
        if (parts.Length != 4 || !parts[3].EndsWith(Extension, StringComparison.Ordinal)
            || !int.TryParse(parts[3].AsSpan(0, parts[3].Length - Extension.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var n))
            return false;
        entry = (parts[1], parts[2], n);
        return true;
    }

    /// <summary>The last entry; <c>null</c> where there is none.</summary>
    public async Task<SlotEntry?> LastAsync(CancellationToken cancellation)
    {
        var last = -1;
        await foreach (var key in lake.ListAsync(Folder, cancellation))
        {
            if (TryParse(key, out var entry))
                last = Math.Max(last, entry.N);
        }

        return last < 0 ? null : await ReadAsync(lake, $"{Folder}{NameOf(last)}", cancellation);
    }

    /// <summary>Puts an entry behind the last that was seen.</summary>
    /// <returns>Whether it stands; <c>false</c> where another's does.</returns>
    public Task<bool> PutAsync(SlotEntry entry, CancellationToken cancellation) =>
        lake.PutSameAsync($"{Folder}{NameOf(entry.N)}", JsonSerializer.SerializeToUtf8Bytes(entry, JobsJson.Default.SlotEntry), cancellation);

    /// <summary>Reads an entry.</summary>
    /// <exception cref="JobException">It can't be read.</exception>
    public static async Task<SlotEntry> ReadAsync(IJobLake lake, string key, CancellationToken cancellation)
    {
        try
        {
            return await lake.GetAsync(key, cancellation) is { } stored && JsonSerializer.Deserialize(stored.Content, JobsJson.Default.SlotEntry) is { } entry
                ? entry
                : throw new JobException($"The entry {key} of a job's log is gone or empty. Restore it: entries are never deleted.");
        }
        catch (JsonException e)
        {
            throw new JobException($"The entry {key} of a job's log can't be read: {e.Message} It was damaged, or written by a newer version of this program.", e);
        }
    }

    private static string NameOf(int n) => $"{n.ToString("D6", CultureInfo.InvariantCulture)}{Extension}";
}
