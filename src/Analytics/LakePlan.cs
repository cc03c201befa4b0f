namespace StockActors.Analytics;

/// <summary>What a query needs of a lake.</summary>
/// <param name="Tables">All tables, each with the files that are needed.</param>
/// <param name="IsKnown">Whether that follows from the query; otherwise all files are in it.</param>
internal sealed record LakePlan(IReadOnlyList<LakeTable> Tables, bool IsKnown);
