using StockActors.Market;

namespace StockActors.Simulator.Book.Streams;

/// <summary>One operation of an order stream. On an order that does not stand it does nothing.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Side">The side of a new order; of other operations without meaning.</param>
/// <param name="Size">The size of a new order, or by how much one is reduced.</param>
/// <param name="Id">The order.</param>
/// <param name="Price">In price ticks, of a new or moved order.</param>
public readonly record struct BookOperation(OperationKind Kind, Side Side, int Size, long Id, long Price);
