namespace StockActors.Analytics;

/// <summary>A column of a named query's result.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its SQL type, the same on every engine: VARCHAR, BIGINT, DECIMAL(18,9), BOOLEAN or TIMESTAMP (of UTC, to the millisecond).</param>
/// <param name="Description">What it says.</param>
public sealed record QueryOutput(string Name, string Type, string Description);
