using System.Globalization;
using DuckDB.NET.Data;

namespace StockActors.EndToEnd;

/// <summary>How every story of a lake ends: the audit finds nothing, and the log, DuckDB and Athena count and sum the same.</summary>
public static class Proof
{
    /// <summary>Of a lake on S3.</summary>
    /// <param name="stack">Where its topic is.</param>
    /// <param name="cloud">Where it is.</param>
    /// <param name="cli">Whose environment leads to both.</param>
    /// <param name="topic">The topic; all of it is in the lake.</param>
    /// <param name="lake">The lake.</param>
    /// <param name="database">Its Glue database.</param>
    public static async Task HoldsAsync(Stack stack, Cloud cloud, Cli cli, string topic, string lake, string database)
    {
        await AuditedAsync(cli, topic, lake);
        var log = await Figures.OfTopicAsync(stack.Kafka, topic);
        Assert.Equal(log, await Figures.ByAsync(async sql => Assert.Single(await cloud.AthenaAsync(database, sql))));
        await using var duck = await LocalCopyAsync(cloud, database, Path.Combine(cli.Directory, "copy-" + database));
        Assert.Equal(log, await Figures.ByAsync(sql => AskAsync(duck, sql)));
    }

    /// <summary>Of the lake of a demo that has balanced.</summary>
    public static Task HoldsAsync(Stack stack, Cloud cloud, Cli cli, string topic, string lake, Cli.Run demo)
    {
        demo.Balanced();
        return HoldsAsync(stack, cloud, cli, topic, lake, demo.Database);
    }

    /// <summary>Of a lake in a directory, which Athena does not read.</summary>
    public static async Task HoldsAsync(Stack stack, Cli cli, string topic, string lake)
    {
        await AuditedAsync(cli, topic, lake);
        Assert.Equal(await Figures.OfTopicAsync(stack.Kafka, topic), await Figures.ByAsync(async sql =>
        {
            var run = await cli.RunAsync("query", sql, "--lake", lake, "--format", "csv");
            Assert.True(run.Exit == 0, run.ToString());
            return run.Out.TrimEnd().Split('\n')[^1].Split(',');
        }));
    }

    private static async Task AuditedAsync(Cli cli, string topic, string lake)
    {
        var audit = await cli.RunAsync("audit", "--topic", topic, "--lake", lake, "--full");
        Assert.True(audit.Exit == 0, audit.ToString());
    }

    /// <summary>DuckDB over what the catalogue's partitions hold, fetched file by file.</summary>
    private static async Task<DuckDBConnection> LocalCopyAsync(Cloud cloud, string database, string folder)
    {
        var duck = new DuckDBConnection("DataSource=:memory:");
        await duck.OpenAsync();
        foreach (var table in new[] { "trades", "quotes", "status" })
        {
            var files = await cloud.DownloadAsync(database, table, Path.Combine(folder, table));
            Assert.NotEmpty(files);
            await using var view = duck.CreateCommand();
            view.CommandText = $"create view {table} as select * from read_parquet([{string.Join(',', files.Select(file => $"'{file}'"))}], union_by_name = true)";
            await view.ExecuteNonQueryAsync();
        }

        return duck;
    }

    private static async Task<string[]> AskAsync(DuckDBConnection duck, string sql)
    {
        await using var ask = duck.CreateCommand();
        ask.CommandText = sql;
        await using var rows = await ask.ExecuteReaderAsync();
        Assert.True(await rows.ReadAsync());
        return [.. Enumerable.Range(0, rows.FieldCount).Select(field => Convert.ToString(rows.GetValue(field), CultureInfo.InvariantCulture)!)];
    }
}
