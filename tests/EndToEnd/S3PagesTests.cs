namespace StockActors.EndToEnd;

/// <summary>The analyst's pages over a lake on S3, where one switch has Athena answer in place of DuckDB.</summary>
[Collection(LakeCollection.Name)]
public sealed class S3PagesTests(Stack stack)
{
    [StackFact(isLong: true)]
    public async Task Both_engines_make_the_same_report_and_the_market_notebook_holds_by_Athena()
    {
        using var cloud = await Cloud.StartAsync(stack, "athena");
        using var cli = new Cli(stack.Kafka, cloud.Environment);
        var lake = cloud.Lake("ticks");
        var demo = await cli.RunAsync("demo", "--topic", $"e2e-{Guid.NewGuid():N}"[..20], "--lake", lake, "--duration", "4s", "--speed", "600x", "--symbols", "4", "--json");
        demo.Balanced();

        var pages = new List<string>();
        foreach (var engine in new[] { "athena", "duckdb" })
        {
            var report = await cli.RunAsync("report", "--lake", lake, "--engine", engine, "--out", "page.html");
            Assert.True(report.Exit == 0, report.ToString());
            var page = await File.ReadAllLinesAsync(Path.Combine(cli.Directory, "page.html"));
            pages.Add(string.Join('\n', page.Where(line => !line.Contains($"asked by {engine} at", StringComparison.Ordinal))));
        }

        Assert.Equal(pages[0], pages[1]);
        var notebook = new StackInstance(new Dictionary<string, string>(cloud.Environment)
        {
            ["STACK_DIR"] = Path.Combine(cli.Directory, "stack"),
            ["ENGINE"] = "athena",
            ["LAKE"] = lake,
            ["DATABASE"] = demo.Database,
        });
        await notebook.RunAsync("notebook", Path.Combine(AppContext.BaseDirectory, "notebooks", "market.ipynb"), "--output-dir", cli.Directory);
        Assert.Matches(@"All checks of this notebook hold: [\d,]+ ticks of 4 symbols", await File.ReadAllTextAsync(Path.Combine(cli.Directory, "market.html")));
    }
}
