namespace StockActors.Analytics;

/// <summary>A column of a table's files.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">
/// Its SQL type, of those that Athena, Glue and DuckDB all read: VARCHAR, BIGINT, INTEGER, DECIMAL(<i>p</i>,<i>s</i>), DOUBLE, BOOLEAN,
/// DATE, TIMESTAMP (of UTC).
/// </param>
public sealed record LakeColumn(string Name, string Type);
