namespace StockActors.Node.Reports;

/// <summary>A symbol's day.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Day">All of its trades.</param>
/// <param name="Candles">The same by interval, those without trades left out; empty where the report does not show the symbol.</param>
internal sealed record SymbolDay(string Symbol, Candle Day, IReadOnlyList<Candle> Candles);
