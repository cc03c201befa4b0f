namespace StockActors.Node.Reports;

/// <summary>A symbol whose sequences of the day are not whole.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="First">The smallest.</param>
/// <param name="Last">The largest.</param>
/// <param name="Missing">How many between them no tick has.</param>
/// <param name="Repeated">How many ticks have one that another has too.</param>
internal sealed record SequenceFault(string Symbol, long First, long Last, long Missing, long Repeated);
