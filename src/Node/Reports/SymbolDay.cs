namespace StockActors.Node.Reports;

/// <summary>A symbol's day.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Day">All of its trades.</param>
/// <param name="Vwap">Their average price, weighted with sizes, rounded to nine decimals; <c>null</c> where all sizes are 0.</param>
/// <param name="Candles">The same by interval, those without trades left out; empty where the report does not show the symbol.</param>
internal sealed record SymbolDay(string Symbol, Candle Day, decimal? Vwap, IReadOnlyList<Candle> Candles);
