namespace StockActors.Simulator.Book;

/// <summary>Who is told of executions. Implemented by structures, so that the call costs nothing.</summary>
public interface IExecutionSink
{
    /// <summary>
    /// An execution is about to happen: the book still stands as before it, so that the best bid and offer can be recorded with the trade.
    /// The book must not be changed from here.
    /// </summary>
    void Executing(in Execution execution);
}
