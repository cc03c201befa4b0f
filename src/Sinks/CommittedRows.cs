using StockActors.Market;
using StockActors.Sinks.Columns;

namespace StockActors.Sinks;

/// <summary>Counts what is in the lake from its Parquet files themselves: a witness that needs no SQL engine.</summary>
public static class CommittedRows
{
    /// <summary>Counts a run's rows in whole epochs.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="runId">The run.</param>
    /// <param name="firstSequence">
    /// By feed and symbol, the sequence from which its rows count; feeds and symbols that are not in it do not count, nor do rows without a sequence.
    /// </param>
    /// <param name="cancellation">Ends the counting.</param>
    /// <returns>Rows of every kind.</returns>
    /// <exception cref="LakeException">A file can't be read.</exception>
    public static async Task<TickCounts> CountAsync(
        Lake lake, string runId, IReadOnlyDictionary<TickFeed, IReadOnlyDictionary<string, long>> firstSequence, CancellationToken cancellation = default)
    {
        var filters = firstSequence.Where(feed => feed.Value.Count > 0).ToDictionary(feed => feed.Key, feed => new RowFilter(runId, feed.Value));
        if (filters.Count == 0)
            return default;
        var counted = default(TickCounts);
        var gate = new Lock();
        var snapshot = await LakeSnapshot.ReadAsync(lake, cancellation);
        await Parallel.ForEachAsync(snapshot.Objects, cancellation, async (file, token) =>
        {
            var kind = PartitionSlot.KindOf(file.Partition.Table);
            if (!filters.TryGetValue(TickFeeds.Of(kind), out var wanted))
                return;
            var rows = lake.IsDirectory ? wanted.CountIn(file.Path) : await CountInObjectAsync(lake, wanted, file, token);
            lock (gate)
                counted += TickCounts.Of(kind, rows);
        });
        return counted;
    }

    // As many objects are held at a time as there are processors.
    private static async Task<long> CountInObjectAsync(Lake lake, RowFilter wanted, CommittedObject file, CancellationToken cancellation)
    {
        var stored = await lake.Objects.GetAsync(file.Key, cancellation)
            ?? throw new LakeException($"{file.Path} was there and is gone. Keep other programs from deleting in the lake; run the audit to see what is missing.");
        return wanted.CountIn(file.Path, stored.Content);
    }
}
