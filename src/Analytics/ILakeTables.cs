namespace StockActors.Analytics;

/// <summary>What analytics needs of a lake: its tables, and the files of each whose epochs are finished.</summary>
public interface ILakeTables
{
    /// <summary>
    /// Reads which tables there are and which files are committed in them. A table is always in the list once it was, and the tick tables
    /// (<c>trades</c>, <c>quotes</c>, <c>status</c>, <c>bars</c>) from the start, with no files while they are empty.
    /// </summary>
    /// <remarks>
    /// Asked once per query. All files of one answer are of one committed state; they stay readable for longer than the longest query takes.
    /// An implementation that knows that nothing has changed returns the same list object, which spares the engine the comparison.
    /// </remarks>
    ValueTask<IReadOnlyList<LakeTable>> ReadAsync(CancellationToken cancellation);
}
