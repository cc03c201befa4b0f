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
    /// By symbol, the sequence from which its rows count; symbols that are not in it do not count, nor do rows without a sequence.
    /// </param>
    /// <param name="cancellation">Ends the counting.</param>
    /// <returns>Rows of every kind.</returns>
    /// <exception cref="LakeException">A file can't be read.</exception>
    public static async Task<TickCounts> CountAsync(
        Lake lake, string runId, IReadOnlyDictionary<string, long> firstSequence, CancellationToken cancellation = default)
    {
        if (firstSequence.Count == 0)
            return default;
        var counted = default(TickCounts);
        var gate = new Lock();
        var wanted = new RowFilter(runId, firstSequence);
        var snapshot = await LakeSnapshot.ReadAsync(lake, cancellation);
        await Parallel.ForEachAsync(snapshot.Objects, cancellation, (file, _) =>
        {
            var rows = wanted.CountIn(file.Path);
            lock (gate)
                counted += TickCounts.Of(PartitionSlot.KindOf(file.Partition.Table), rows);
            return ValueTask.CompletedTask;
        });
        return counted;
    }
}
