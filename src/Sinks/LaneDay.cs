using StockActors.Sinks.Audit;
using StockActors.Sinks.Chain;

namespace StockActors.Sinks;

/// <summary>What a lane's chain says of one day of event time.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="TopicId">Its id.</param>
/// <param name="Lane">The lane.</param>
/// <param name="Epochs">Epochs that brought rows of the day.</param>
/// <param name="Rows">The rows of the day that they brought, of all tables but <c>bars</c>, whose partitions are years.</param>
/// <param name="Dead">Dead letters among the records of those epochs: which day those were of, nobody can say.</param>
/// <param name="FirstAt">When the first of them was claimed; <c>null</c> where there is none.</param>
/// <param name="LastAt">When the last of them was.</param>
/// <param name="DeadInAll">Dead letters of the whole chain.</param>
/// <param name="AuditedTo">The offset up to which an audit that found nothing has counted the lane's log; <c>null</c> where none has.</param>
public sealed record LaneDay(
    string Topic, string TopicId, int Lane, int Epochs, long Rows, long Dead, DateTimeOffset? FirstAt, DateTimeOffset? LastAt, long DeadInAll, long? AuditedTo)
{
    private const int EntriesAtOnce = 16;

    /// <summary>Walks all chains of a lake, each from its start.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="date">The day, in UTC.</param>
    /// <param name="progress">Told how many entries were read.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>A value per chain that was opened, by topic id and lane.</returns>
    /// <exception cref="LakeException">The lake can't be read.</exception>
    /// <exception cref="LaneStoppedException">An entry can't be read by this build.</exception>
    public static async Task<IReadOnlyList<LaneDay>> ReadAsync(Lake lake, DateOnly date, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        var days = new List<LaneDay>();
        var read = 0;
        foreach (var chain in await LaneChain.ListAsync(lake.Objects, cancellation))
        {
            var epochs = new List<EpochEntry>();
            IChainEntry? last = null;
            for (var n = 0L; ; n += EntriesAtOnce)
            {
                var entries = await Task.WhenAll(Enumerable.Range(0, EntriesAtOnce).Select(i => chain.ReadAsync(n + i, cancellation)));
                var there = entries.TakeWhile(entry => entry is not null).ToList();
                epochs.AddRange(there.OfType<EpochEntry>());
                last = there.LastOrDefault() ?? last;
                progress?.Report(read += there.Count);
                if (there.Count < EntriesAtOnce)
                    break;
            }

            if (last is not null)
                days.Add(Of(chain, last.Topic, epochs, date) with { AuditedTo = await AuditMark.FindAsync(lake, chain.TopicId, chain.Lane, cancellation) });
        }

        return [.. days.OrderBy(day => day.TopicId, StringComparer.Ordinal).ThenBy(day => day.Lane)];
    }

    private static LaneDay Of(LaneChain chain, string topic, List<EpochEntry> epochs, DateOnly date)
    {
        var partition = FormattableString.Invariant($"dt={date:yyyy-MM-dd}/");
        var rows = epochs.Select(epoch => epoch.Objects.Where(listed => listed.Partition.StartsWith(partition, StringComparison.Ordinal)).Sum(listed => listed.Rows)).ToList();
        var of = epochs.Where((_, i) => rows[i] > 0).ToList();
        return new LaneDay(
            topic, chain.TopicId, chain.Lane, of.Count, rows.Sum(), of.Sum(epoch => (long)epoch.Dead), of.Count > 0 ? of.Min(epoch => epoch.WrittenAt) : null,
            of.Count > 0 ? of.Max(epoch => epoch.WrittenAt) : null, epochs.Sum(epoch => (long)epoch.Dead), null);
    }
}
