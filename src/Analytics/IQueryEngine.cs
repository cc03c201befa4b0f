namespace StockActors.Analytics;

/// <summary>Something that answers SQL from the lake. Its members may be called from many threads at once.</summary>
public interface IQueryEngine
{
    /// <summary>What it reads.</summary>
    SqlDialect Dialect { get; }

    /// <summary>Begins a query over the lake's committed state of this moment and returns once its columns are known,
    /// which may be no sooner than its first rows.</summary>
    /// <param name="sql">One statement in the engine's dialect.</param>
    /// <param name="cancellation">Stops the query at the engine; once the task ends, nothing of it runs there any more.</param>
    /// <returns>The result; whoever gets it disposes of it.</returns>
    /// <exception cref="QueryException">The engine refuses the query.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    Task<IQueryResult> ExecuteAsync(string sql, CancellationToken cancellation = default);

    /// <summary>Tells what a query would do over the lake's committed state of this moment, and reads no rows for it.</summary>
    /// <param name="sql">One statement in the engine's dialect.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="QueryException">The engine refuses the query.</exception>
    Task<QueryPlan> ExplainAsync(string sql, CancellationToken cancellation = default);
}
