using DuckDB.NET.Data;

namespace StockActors.Analytics.Tests;

/// <summary>What a query reads of a lake: no more than the partitions that its filters leave, and never less than it needs.</summary>
public sealed class PruningTests : IAsyncDisposable
{
    private readonly TempLake _lake = new();
    private readonly RemoteLake _remote;
    private readonly DuckDbEngine _engine;

    public PruningTests()
    {
        for (var day = 5; day < 8; day++)
        {
            for (var hour = 14; hour < 18; hour++)
            {
                _lake.Add("trades", $"2026-01-0{day}", $"{hour}", day * 1_000 + hour * 10, 10);
                _lake.Add("quotes", $"2026-01-0{day}", $"{hour}", day * 1_000 + hour * 10, 7);
            }
        }

        _lake.Add("trades", "2026-01-06", "15", 90_000, 5);
        _remote = new RemoteLake(_lake);
        _engine = new DuckDbEngine(_remote);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _remote.Dispose();
        _lake.Dispose();
    }

    [Fact]
    public async Task A_query_for_one_hour_brings_and_counts_that_hours_files_alone()
    {
        await using (var result = await _engine.ExecuteAsync("SELECT count(*), sum(sequence) FROM trades WHERE dt = '2026-01-06' AND hour = '15'"))
        {
            Assert.Equal(15L, (await result.ReadPageAsync())![0][0]);
            Assert.All(_remote.Brought, file => Assert.Equal(["2026-01-06", "15"], file.PartitionValues));
            Assert.Equal(2, _remote.Brought.Count);
            Assert.Equal(new QueryCost(_remote.Brought.Sum(file => file.Bytes)), result.Cost);
            Assert.Equal(1, _remote.Holders);
        }

        Assert.Equal(0, _remote.Holders);
    }

    [Fact]
    public async Task What_it_would_read_is_told_and_nothing_is_brought_for_it()
    {
        var plan = await _engine.ExplainAsync("SELECT count(*) FROM trades t JOIN quotes q USING (dt, hour, sequence) WHERE t.dt = '2026-01-06' AND q.dt = '2026-01-06' AND t.hour > '15'");
        var all = (await _lake.ReadAsync(default)).ToDictionary(table => table.Name);
        Assert.Equal(
            [
                new TableScan("trades", 2, 12, 2, 13, Bytes("trades", "16", "17"), all["trades"].Files.Sum(file => file.Bytes)),
                new TableScan("quotes", 2, 12, 2, 12, Bytes("quotes", "16", "17"), all["quotes"].Files.Sum(file => file.Bytes)),
            ],
            plan.Scans!);
        Assert.Empty(_remote.Brought);

        long Bytes(string table, params string[] hours) =>
            all[table].Files.Where(file => file.PartitionValues[0] == "2026-01-06" && hours.Contains(file.PartitionValues[1])).Sum(file => file.Bytes);
    }

    [Theory]
    [InlineData("SELECT 1", 0)]
    [InlineData("DESCRIBE trades", 0)]
    [InlineData("SELECT count(*) FROM trades WHERE false", 0)]
    [InlineData("SELECT sum(size) FROM trades WHERE hour = '14';", 3)]
    [InlineData("FROM quotes WHERE dt || hour BETWEEN '2026-01-0617' AND '2026-01-0714'", 2)]
    [InlineData("SELECT sum(size) FROM trades WHERE dt = '2026-01-05' OR hour = '14' AND dt = '2026-01-07'", 5)]
    [InlineData("SELECT count(*) FROM trades WHERE symbol = 'none of them'", 13)]
    [InlineData("SUMMARIZE trades", 13)]
    public async Task Only_the_files_of_what_is_left_are_read(string sql, int files)
    {
        await _engine.RowsAsync(sql);
        Assert.Equal(files, _remote.Brought.Count);
    }

    [Theory]
    [InlineData("SELECT count(*) FROM trades")]
    [InlineData("SELECT count(*) FROM trades WHERE symbol LIKE 'S%' AND size IS NOT NULL")]
    [InlineData("SELECT max(sequence) - min(sequence) + 1 FROM trades WHERE price > 0")]
    public async Task Nothing_is_concluded_from_what_stands_for_a_single_partition(string sql)
    {
        using var lake = new TempLake();
        lake.Add("trades", "2026-01-05", "14", 100, 9);
        using var remote = new RemoteLake(lake);
        await using var engine = new DuckDbEngine(remote);
        Assert.Equal("9", $"{await engine.ValueAsync(sql)}");
        Assert.Single(remote.Brought);
    }

    [Fact]
    public async Task A_query_that_is_wrong_brings_nothing()
    {
        foreach (var sql in new[] { "SELECT symbl FROM trades", "SELECT * FROM trade", "SELECT upper(size, 3) FROM trades", "SELEC 1" })
            await Assert.ThrowsAsync<QueryException>(() => _engine.ExecuteAsync(sql));
        Assert.Empty(_remote.Brought);
        Assert.Equal(0, _remote.Holders);
    }

    [Fact]
    public async Task What_fails_while_it_runs_lets_its_files_go()
    {
        await Assert.ThrowsAsync<QueryException>(() => _engine.RowsAsync("SELECT error('here') FROM trades"));
        Assert.NotEmpty(_remote.Brought);
        Assert.Equal(0, _remote.Holders);
    }

    [Theory]
    [InlineData("WITH RECURSIVE r AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM r WHERE x < 3) SELECT sum(x), count(*) FROM r, trades WHERE hour = '14'")]
    [InlineData("EXPLAIN SELECT * FROM trades WHERE hour = '14'")]
    [InlineData("PIVOT (SELECT hour, size FROM trades) ON hour IN ('14', '15') USING sum(size)")]
    public async Task What_has_no_plan_to_show_is_answered_too(string sql) => Assert.NotEmpty(await _engine.RowsAsync(sql));

    [Fact]
    public async Task A_lake_that_grows_is_seen_by_the_next_query()
    {
        Assert.Equal(125L, await _engine.ValueAsync("SELECT count(*) FROM trades"));
        _lake.Add("trades", "2026-01-08", "14", 0, 3);
        _lake.Add("trades", "2026-01-05", "14", 0, 4);
        Assert.Equal(3L, await _engine.ValueAsync("SELECT count(*) FROM trades WHERE dt = '2026-01-08'"));
        Assert.Equal(132L, await _engine.ValueAsync("SELECT count(*) FROM trades"));
    }

    [Fact]
    public async Task Whatever_the_filter_the_answer_is_that_of_all_files()
    {
        using var whole = new DuckDBConnection("DataSource=:memory:");
        whole.Open();
        foreach (var view in (await _lake.ReadAsync(default)).Select(LakeViews.Create))
            Ask(whole, view);
        const int seed = 20260106;
        var random = new Random(seed);
        var pruned = 0;
        for (var i = 0; i < 60; i++)
        {
            var tables = new[] { "trades", "quotes" };
            var table = tables[random.Next(2)];
            var sql = random.Next(4) switch
            {
                0 => $"SELECT count(*), sum(sequence), min(dt), max(hour) FROM {table} WHERE {Filter(2)}",
                1 => $"SELECT t.dt, count(*), sum(q.sequence) FROM trades t LEFT JOIN (SELECT * FROM quotes WHERE {Filter(1)}) q ON q.sequence = t.sequence WHERE {Filter(2, "t.")} GROUP BY 1 ORDER BY 1",
                2 => $"WITH c AS (SELECT * FROM {table} WHERE {Filter(1)}) SELECT (SELECT count(*) FROM c WHERE {Filter(1)}), (SELECT max(sequence) FROM c), (SELECT count(*) FROM trades WHERE {Filter(1)})",
                _ => $"SELECT count(*) FROM {table} WHERE dt IN (SELECT max(dt) FROM trades WHERE {Filter(1)}) AND {Filter(1)} UNION ALL SELECT count(*) FROM quotes WHERE {Filter(2)}",
            };
            _remote.Brought.Clear();
            Assert.True(Ask(whole, sql).SequenceEqual((await _engine.RowsAsync(sql)).SelectMany(row => row).Select(value => $"{value}")), $"seed {seed}, {i}: {sql}");
            pruned += _remote.Brought.Count < 12 ? 1 : 0;
        }

        Assert.InRange(pruned, 10, 60);

        string Filter(int depth, string alias = "") => depth > 0 && random.Next(3) > 0
            ? $"({Filter(depth - 1, alias)} {(random.Next(2) == 0 ? "AND" : "OR")} {(random.Next(5) == 0 ? "NOT " : "")}{Filter(depth - 1, alias)})"
            : random.Next(7) switch
            {
                0 => $"{alias}dt = '2026-01-0{random.Next(4, 9)}'",
                1 => $"{alias}hour IN ('{random.Next(13, 19)}', '{random.Next(13, 19)}')",
                2 => $"{alias}dt || {alias}hour >= '2026-01-0{random.Next(5, 8)}{random.Next(14, 18)}'",
                3 => $"CAST({alias}hour AS INTEGER) % 2 = {random.Next(2)}",
                4 => $"{alias}symbol = 'S{random.Next(7)}'",
                5 => $"({alias}hour BETWEEN '{random.Next(13, 16)}' AND '{random.Next(15, 19)}' OR {alias}sequence > 7000)",
                _ => $"coalesce({alias}dt, 'x') < '2026-01-0{random.Next(5, 8)}'",
            };
    }

    private static List<string> Ask(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var values = new List<string>();
        while (reader.Read())
            values.AddRange(Enumerable.Range(0, reader.FieldCount).Select(i => $"{(reader.IsDBNull(i) ? null : reader.GetValue(i))}"));
        return values;
    }
}
