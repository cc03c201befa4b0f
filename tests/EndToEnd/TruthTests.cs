using System.Globalization;
using System.Text.Json;
using StockActors.Analytics;
using StockActors.Market;
using StockActors.Node.Tests;
using StockActors.Simulator.Scenarios;

namespace StockActors.EndToEnd;

/// <summary>The truth in a lake without a Kafka: what a simulation of the same scenario, seed and time says, and queries that are scored by it.</summary>
public sealed class TruthTests : IDisposable
{
    private const int Symbols = 3;
    private const int Seed = 7;
    private const string TruthColumns = "symbol, ts_event, sequence, source, kind, began, side, price, size, filled, events";

    private static readonly TradingDay Day = new(new DateOnly(2026, 1, 5));

    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_lake_has_the_truth_of_its_run_and_scores_the_queries_as_a_simulation_of_the_same_does()
    {
        var file = WriteScenario();
        var demo = _cli.Start("demo", "--truth", "--scenario", file, "--seed", $"{Seed}", "--symbols", $"{Symbols}", "--lanes", "1", "--speed", "max", "--json");
        await demo.SeeAsync("all anomalies published", line => string.CompareOrdinal(line, "2026-01-05T14:50:00") > 0 && Cli.Published(line) > 0);
        demo.Interrupt();
        var run = await demo.EndAsync();
        run.Balanced();
        Assert.True(run.Json.GetProperty("balance").GetProperty("parquet").GetProperty("truth").GetInt64() >= Symbols * 20, run.ToString());
        Assert.Equal(Symbols, run.Json.GetProperty("balance").GetProperty("sql").GetProperty("runs").GetInt64());
        var audit = await _cli.RunAsync("audit", "--engine", "duckdb");
        Assert.True(audit.Exit == 0, audit.ToString());

        // One lane has one end: what came until then is all that the lake has.
        var until = (await _cli.QueryAsync(
            """
            select max(ts_event) as t from (select ts_event, dt from trades union all select ts_event, dt from quotes union all select ts_event, dt from truth) u
            where dt = '2026-01-05'
            """))[0]["t"].GetInt64() + 1;
        var simulated = await _cli.RunAsync("simulate", "--scenario", file, "--seed", $"{Seed}", "--symbols", $"{Symbols}", "--truth", "truth.parquet");
        Assert.True(simulated.Exit == 0, simulated.ToString());
        var expected = await TextAsync($"select {TruthColumns} from 'truth.parquet' where ts_event < {until} order by symbol, sequence");
        Assert.Equal(expected, await TextAsync($"select {TruthColumns} from truth where ts_event < {until} and dt = '2026-01-05' order by symbol, sequence"));

        using var lake = new SimulatedLake();
        lake.Add(ScenarioFile.Open(file), Seed, Symbols, "simulated", Day, until);
        await using var engine = new DuckDbEngine(lake);
        await using var result = await engine.ExecuteAsync(QueryLibrary.Shipped.Find("detection-scores").Bind(SqlDialect.DuckDb, new Dictionary<string, string>()));
        var scores = new List<string>();
        await foreach (var page in result.ReadPagesAsync())
            scores.AddRange(page.Select(row => string.Join(' ', row.Skip(1).Select(cell => cell is decimal share ? share.ToString("0.###", CultureInfo.InvariantCulture) : $"{cell}"))));
        var asked = await _cli.RunAsync("query", "--name", "detection-scores", "--param", $"to={UnixNanos.Format(until)}", "--format", "json");
        Assert.True(asked.Exit == 0, asked.ToString());
        Assert.Equal(scores, asked.Json.EnumerateArray().Select(row => string.Join(' ', row.EnumerateObject().Skip(1).Select(cell => Text(cell.Value)))));
        Assert.All(asked.Json.EnumerateArray(), row => Assert.True(row.GetProperty("injected").GetInt64() >= Symbols, asked.ToString()));
    }

    [Fact]
    public async Task What_a_lakes_runs_say_makes_the_lakes_ticks_again()
    {
        var demo = await _cli.RunAsync("demo", "--truth", "--scenario", "crisis", "--seed", $"{Seed}", "--symbols", $"{Symbols}", "--speed", "120x", "--duration", "3s");
        Assert.True(demo.Exit == 0, demo.ToString());
        var runs = await _cli.QueryAsync("select symbol, ts_event, sequence, seed, scenario, configuration from runs order by symbol");
        Assert.Equal(["S000", "S001", "S002"], runs.Select(row => row["symbol"].GetString()));
        Assert.All(runs, row => Assert.Equal((Day.Open, 1, Seed, "crisis"), (row["ts_event"].GetInt64(), row["sequence"].GetInt64(), row["seed"].GetInt64(), row["scenario"].GetString())));

        await File.WriteAllTextAsync(Path.Combine(_cli.Directory, "s002.json"), runs[2]["configuration"].GetString());
        Assert.Equal(0, (await _cli.RunAsync("simulate", "--scenario", "s002.json", "--symbols", "1", "--seed", $"{runs[2]["seed"].GetInt64()}", "--out", "s002.parquet")).Exit);
        const string Columns = "ts_event, sequence, price, size, side, trade_id, aggressor, resting";
        var trades = await TextAsync($"select {Columns} from trades where symbol = 'S002' order by sequence");
        Assert.NotEqual("[]", trades);
        Assert.Equal(trades, await TextAsync($"select {Columns} from 's002.parquet' where kind = 'trade' and sequence <= (select max(sequence) from trades where symbol = 'S002') order by sequence"));
    }

    [Fact]
    public async Task A_lake_of_ticks_alone_has_neither_table()
    {
        var run = await _cli.RunAsync("demo", "--duration", "2s", "--symbols", "2");
        Assert.True(run.Exit == 0, run.ToString());
        foreach (var table in new[] { "truth", "runs" })
        {
            Assert.DoesNotContain(Directory.GetDirectories(Path.Combine(_cli.Directory, "lake"), $"{table}*", SearchOption.AllDirectories), _ => true);
            Assert.Equal(1, (await _cli.RunAsync("query", $"select * from {table}")).Exit);
        }
    }

    /// <summary><c>busy</c> with anomalies of each kind in the first twenty minutes.</summary>
    private string WriteScenario()
    {
        using var stream = typeof(ScenarioFile).Assembly.GetManifestResourceStream("busy.json")!;
        var scenario = System.Text.Json.Nodes.JsonNode.Parse(stream)!;
        scenario["anomalies"] = System.Text.Json.Nodes.JsonNode.Parse(
            """
            [
              { "kind": "fat-finger", "from": "14:33:00", "to": "14:36:00", "lots": 1200 },
              { "kind": "spoofing", "from": "14:36:00", "to": "14:38:00", "lots": 120, "seconds": 120 },
              { "kind": "feed-gap", "from": "14:41:00", "seconds": 20 },
              { "kind": "flash-crash", "from": "14:43:00", "to": "14:45:00", "lots": 100, "seconds": 30 }
            ]
            """);
        var path = Path.Combine(_cli.Directory, "early.json");
        File.WriteAllText(path, scenario.ToJsonString());
        return path;
    }

    private async Task<string> TextAsync(string sql)
    {
        var run = await _cli.RunAsync("query", sql, "--format", "json");
        Assert.True(run.Exit == 0, run.ToString());
        return run.Out;
    }

    private static string Text(JsonElement cell) => cell.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => cell.GetString()!,
        _ => cell.GetDecimal().ToString("0.###", CultureInfo.InvariantCulture),
    };
}
