namespace StockActors.Analytics;

/// <summary>What analytics needs of a lake: its tables, and the files of each whose epochs are finished.</summary>
public interface ILakeTables
{
    /// <summary>Whether files have to be held before they can be read; otherwise they stand at their paths as they are.</summary>
    bool IsRemote => false;

    /// <summary>
    /// Reads which tables there are and which files are committed in them. A table is always in the list once it was, and the tick tables
    /// (<c>trades</c>, <c>quotes</c>, <c>status</c>, <c>bars</c>) from the start, with no files while they are empty.
    /// </summary>
    /// <remarks>
    /// Asked once per query. All files of one answer are of one committed state; they stay readable for longer than the longest query takes.
    /// </remarks>
    ValueTask<IReadOnlyList<LakeTable>> ReadAsync(CancellationToken cancellation);

    /// <summary>Has files of an answer stand at their paths until what is returned is disposed of.</summary>
    ValueTask<IDisposable?> HoldAsync(IReadOnlyList<LakeFile> files, CancellationToken cancellation) => new((IDisposable?)null);
}
