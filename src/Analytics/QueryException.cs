namespace StockActors.Analytics;

/// <summary>
/// A query that the engine refuses or can't finish: an error in its SQL, a value out of range, memory that ran out, a file that can't be read; or an engine
/// that can't be asked. The message is the engine's own, and says what to do where that is not in the query.
/// </summary>
public sealed class QueryException : Exception
{
    /// <summary>A query's failure.</summary>
    /// <param name="message">What the engine says.</param>
    /// <param name="inner">The engine's exception, where there is one.</param>
    /// <param name="error">What it fails by.</param>
    public QueryException(string message, Exception? inner = null, QueryError error = QueryError.Query)
        : base(message, inner) => Error = error;

    /// <summary>What it fails by.</summary>
    public QueryError Error { get; }
}
