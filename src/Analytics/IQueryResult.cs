using System.Runtime.CompilerServices;

namespace StockActors.Analytics;

/// <summary>
/// The answer to a query, read forward, once, page by page; the engine works as pages are asked for and holds no more than a few of them.
/// </summary>
/// <remarks>
/// Disposing of it may happen at any moment, also while a page is being read: it stops the query at the engine, and every
/// call ends only when it has stopped.
/// </remarks>
public interface IQueryResult : IAsyncDisposable
{
    /// <summary>The columns; none for a statement without a result.</summary>
    IReadOnlyList<QueryColumn> Columns { get; }

    /// <summary>What the query has cost.</summary>
    QueryCost Cost { get; }

    /// <summary>Reads the next page: one or more rows, each with a value (<see cref="ColumnType"/>) per column; <c>null</c> at the end.</summary>
    /// <param name="cancellation">Stops the query at the engine; no page can be read afterwards.</param>
    /// <exception cref="QueryException">The engine can't go on.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, or disposed of meanwhile.</exception>
    ValueTask<IReadOnlyList<object?[]>?> ReadPageAsync(CancellationToken cancellation = default);

    /// <summary>The pages up to the end.</summary>
    async IAsyncEnumerable<IReadOnlyList<object?[]>> ReadPagesAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (await ReadPageAsync(cancellation) is { } page)
            yield return page;
    }
}
