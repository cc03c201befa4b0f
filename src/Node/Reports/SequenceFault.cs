namespace StockActors.Node.Reports;

/// <summary>A place where a symbol's sequence is not whole.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Kind"><c>gap</c> or <c>repeat</c>.</param>
/// <param name="First">The first number that is missing, or the one that is there again.</param>
/// <param name="Last">The last.</param>
/// <param name="Missing">How many are missing; 0 for a repeat.</param>
/// <param name="Before">The event time of the tick behind it, or of the one that is there again, in nanoseconds since 1970-01-01 UTC.</param>
internal sealed record SequenceFault(string Symbol, string Kind, long First, long Last, long Missing, long Before);
