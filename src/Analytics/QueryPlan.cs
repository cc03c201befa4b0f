namespace StockActors.Analytics;

/// <summary>What a query would do, told without doing it.</summary>
/// <param name="Scans">What it would read of each table that it names; <c>null</c> where that can't be told.</param>
/// <param name="Text">The engine's own words, line by line, where it has some; else empty.</param>
/// <param name="Dollars">What the service would ask for all the bytes of <paramref name="Scans"/>, in US dollars; 0 on this machine, <c>null</c> where that can't be told.</param>
public sealed record QueryPlan(IReadOnlyList<TableScan>? Scans, string Text, decimal? Dollars);
