namespace StockActors.Node.Reports;

/// <summary>What came in as bars, of a file or a foreign producer, rather than as trades: a symbol's bars of one interval, as one.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Interval">The bars' interval, as the lake has it: <c>1d</c>, <c>1m</c>.</param>
/// <param name="Source">Where they are from.</param>
/// <param name="RunId">Their run; empty for foreign producers.</param>
/// <param name="Bars">How many.</param>
/// <param name="Open">The first one's.</param>
/// <param name="High">The highest.</param>
/// <param name="Low">The lowest.</param>
/// <param name="Close">The last one's.</param>
/// <param name="Volume">The sum; <c>null</c> where none has one.</param>
internal sealed record BarsOfDay(
    string Symbol, string Interval, string Source, string RunId, long Bars, decimal Open, decimal High, decimal Low, decimal Close, long? Volume);
