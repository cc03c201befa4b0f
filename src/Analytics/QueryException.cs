namespace StockActors.Analytics;

/// <summary>
/// A query that the engine refuses or can't finish: an error in its SQL, a value out of range, memory that ran out, a file that can't be read.
/// The message is the engine's own.
/// </summary>
public sealed class QueryException : Exception
{
    /// <summary>A query's failure.</summary>
    /// <param name="message">What the engine says.</param>
    /// <param name="inner">The engine's exception, where there is one.</param>
    public QueryException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
