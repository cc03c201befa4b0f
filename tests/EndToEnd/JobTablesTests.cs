using System.Text.Json;

namespace StockActors.EndToEnd;

/// <summary>What jobs make of a lake on S3, as Athena and DuckDB read it.</summary>
[Collection(LakeCollection.Name)]
public sealed class JobTablesTests(Stack stack)
{
    // The engine's dialect here is Athena's.
    private const string Jobs =
        """
        { "jobs": [
          {
            "name": "types", "schedule": "0 0 * * *", "table": "types", "partition": ["dt"],
            "sql": [
              "select * from (values",
              "  (1, cast({slot.from} as bigint), {slot.dt}, decimal '-12345678901.123456789', double '0.25', true, timestamp '2026-01-05 14:30:00.123', date '2026-01-05'),",
              "  (2, null, null, null, null, null, null, null)",
              ") t(id, n, word, price, ratio, truth, ts, day)"
            ]
          },
          { "name": "file", "schedule": "0 0 * * *", "file": "reports/{slot.dt}.csv", "sql": "select {slot.dt} as dt, 1.5 as x" }
        ] }
        """;

    [StackFact]
    public async Task A_slots_result_is_a_partition_that_Athena_and_DuckDB_read_alike_and_once_also_when_it_is_made_again()
    {
        using var cloud = await Cloud.StartAsync(stack, "athena");
        using var cli = new Cli(environment: cloud.Environment);
        await File.WriteAllTextAsync(Path.Combine(cli.Directory, "jobs.json"), Jobs);
        var lake = cloud.Lake("derived");
        string[] Run(string job, params string[] more) => ["jobs", "run", job, "--slot", "2026-01-05", "--lake", lake, "--jobs", "jobs.json", .. more];

        Ended(await cli.RunAsync(Run("types")));
        Ended(await cli.RunAsync(Run("types", "--again")));
        Ended(await cli.RunAsync(Run("file")));

        var answers = new List<string>();
        foreach (var engine in new[] { "athena", "duckdb" })
        {
            var run = await cli.RunAsync("query", "select id, n, word, price, ratio, truth, ts, day, dt from types order by id", "--lake", lake, "--engine", engine, "--format", "json");
            Ended(run);
            answers.Add(run.Out.Trim());
        }

        Assert.Equal(answers[0], answers[1]);
        var rows = JsonSerializer.Deserialize<List<Dictionary<string, JsonElement>>>(answers[0])!;
        Assert.Equal(2, rows.Count);
        Assert.Equal(
            "1|1767571200000000000|2026-01-05|-12345678901.123456789|0.25|True|2026-01-05T14:30:00.123Z|2026-01-05|2026-01-05", string.Join('|', rows[0].Values));
        Assert.All(rows[1].Where(cell => cell.Key is not ("id" or "dt")), cell => Assert.Equal(JsonValueKind.Null, cell.Value.ValueKind));
        using var s3 = cloud.Client();
        using var file = await s3.GetObjectAsync(cloud.Bucket, "derived/reports/2026-01-05.csv");
        using var reader = new StreamReader(file.ResponseStream);
        Assert.Equal("dt,x\r\n2026-01-05,1.5\r\n", await reader.ReadToEndAsync());
    }

    private static void Ended(Cli.Run run) => Assert.True(run.Exit == 0, run.ToString());
}
