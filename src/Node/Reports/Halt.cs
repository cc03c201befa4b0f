namespace StockActors.Node.Reports;

/// <summary>A time without trading of a symbol.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="From">When it was halted, in nanoseconds since 1970-01-01 UTC.</param>
/// <param name="To">When it traded again; <c>null</c> where it did not on that day.</param>
/// <param name="Reason">Why; empty where nothing says so.</param>
internal sealed record Halt(string Symbol, long From, long? To, string Reason);
