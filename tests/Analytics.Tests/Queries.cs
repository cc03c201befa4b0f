namespace StockActors.Analytics.Tests;

internal static class Queries
{
    public static async Task<List<object?[]>> RowsAsync(this IQueryEngine engine, string sql)
    {
        await using var result = await engine.ExecuteAsync(sql);
        var rows = new List<object?[]>();
        await foreach (var page in result.ReadPagesAsync())
            rows.AddRange(page);
        return rows;
    }

    public static async Task<object?> ValueAsync(this IQueryEngine engine, string sql) => Assert.Single(Assert.Single(await engine.RowsAsync(sql)));
}
