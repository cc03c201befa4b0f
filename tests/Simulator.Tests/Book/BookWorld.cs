namespace StockActors.Simulator.Tests.Book;

/// <summary>What random operations are drawn from.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Ids">How many ids there are, and so how many orders can stand.</param>
/// <param name="Lowest">The lowest price.</param>
/// <param name="Spread">How many prices there are from it on; 0 for powers of two to the far end of what a price can be.</param>
/// <param name="Owners">How many owners there are, the one of whom nothing is known among them.</param>
/// <param name="Operations">How many operations there are.</param>
/// <param name="Inspect">After how many operations the whole of both books is compared; what the operation told, after every one.</param>
/// <param name="HasGrid">Whether the steps between prices change with the price, as drawn.</param>
internal sealed record BookWorld(int Seed, int Ids, long Lowest, int Spread, int Owners, int Operations, int Inspect, bool HasGrid = false);
