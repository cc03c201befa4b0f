namespace StockActors.Analytics;

/// <summary>A column of a result.</summary>
/// <param name="Name">Its name as the engine has it; names may repeat.</param>
/// <param name="Type">What its values are.</param>
public sealed record QueryColumn(string Name, ColumnType Type);
