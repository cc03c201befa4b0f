namespace StockActors.Simulator.Book;

/// <summary>
/// Who is told of what the book does to standing orders. Implemented by structures, so that the call costs nothing. The book still stands as
/// before what it tells, so that the best bid and offer can be recorded with a trade; it must not be changed from here.
/// </summary>
public interface IExecutionSink
{
    /// <summary>Two orders are about to trade.</summary>
    void Executing(in Execution execution);

    /// <summary>
    /// A standing order is about to be cancelled without its owner's asking: an order of the same owner has met it, or it was to trade at the
    /// market in an auction and finds nobody.
    /// </summary>
    void Cancelling(in StandingOrder order);
}
