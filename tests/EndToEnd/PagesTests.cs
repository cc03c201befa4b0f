using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace StockActors.EndToEnd;

/// <summary>What an analyst is given to look at: the report of a day, and the notebooks, run headless.</summary>
public sealed class PagesTests(DayOfDemo day) : IClassFixture<DayOfDemo>
{
    /// <summary>The command, as a shell takes it.</summary>
    private static readonly string Stockactors = string.Join(' ', Cli.Command.Select(part => $"'{part}'"));

    private const long Hour = 3_600_000_000_000;

    [Fact]
    public async Task A_days_report_says_of_every_symbol_what_its_trades_say()
    {
        var run = await day.Cli.RunAsync("report");
        Assert.True(run.Exit == 0, run.ToString());
        Assert.StartsWith(Path.Combine(day.Cli.Directory, "report-2026-01-05.html: "), run.Out, StringComparison.Ordinal);
        var page = XDocument.Load(Path.Combine(day.Cli.Directory, "report-2026-01-05.html"));

        var trades = await day.Cli.QueryAsync("select symbol, ts_event, price, size from trades order by symbol, ts_event, sequence");
        var symbols = trades.GroupBy(trade => trade["symbol"].GetString()!).ToList();
        Assert.Equal(4, symbols.Count);
        Assert.Equal(symbols.Select(s => s.Key).Order(StringComparer.Ordinal), page.Descendants("h3").Select(head => head.Value).Order(StringComparer.Ordinal));
        foreach (var symbol in symbols)
        {
            var hours = symbol.GroupBy(trade => trade["ts_event"].GetInt64() / Hour).Select(hour =>
            {
                var prices = hour.Select(trade => trade["price"].GetDecimal()).ToList();
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{hour.Key % 24}:00 {prices[0]:0.00#######} {prices.Max():0.00#######} {prices.Min():0.00#######} {prices[^1]:0.00#######} {hour.Sum(trade => trade["size"].GetInt64()):N0} {prices.Count:N0}");
            });
            Assert.Equal(hours, Rows(page, $"{symbol.Key} by the hour"));
        }

        Assert.Contains(trades.Sum(t => t["price"].GetDecimal() * t["size"].GetInt64()).ToString("#,##0.00#######", CultureInfo.InvariantCulture), page.Descendants("dd").Select(figure => figure.Value));
        Assert.Equal(["holds", "holds", "unknown", "unknown"], page.Descendants("ul").Single().Descendants("b").Select(verdict => verdict.Value));
    }

    [Fact]
    public async Task A_day_of_daily_bars_has_a_report_and_a_day_without_anything_names_those_that_have_some()
    {
        var bars = await day.Cli.RunAsync("report", "--date", "2009-01-06", "--out", "bars.html");
        var nothing = await day.Cli.RunAsync("report", "--date", "2026-02-30");
        var missing = await day.Cli.RunAsync("report", "--date", "2026-02-03");

        Assert.True(bars.Exit == 0, bars.ToString());
        var row = Assert.Single(Rows(XDocument.Load(Path.Combine(day.Cli.Directory, "bars.html")), "1 by symbol and interval"));
        Assert.Matches(@"^HSI 1d replay \S+ 1 15612\.46973 15651\.61035 15367\.92969 15509\.50977 2,484,472,200$", row);
        Assert.Equal(2, nothing.Exit);
        Assert.Contains("--date: '2026-02-30' is no date", nothing.Error, StringComparison.Ordinal);
        Assert.Equal(1, missing.Exit);
        Assert.Contains("It has ticks of 2026-01-05, and daily bars of 2009 to 2010.", missing.Error, StringComparison.Ordinal);
    }

    [StackFact]
    public async Task The_market_notebook_runs_headless_over_a_lake_and_its_checks_hold()
    {
        var page = await RunAsync("market", new() { ["LAKE"] = day.Lake, ["STOCKACTORS"] = Stockactors });

        Assert.Matches(@"All checks of this notebook hold: [\d,]+ ticks of 4 symbols", page);
        Assert.Equal(4, Regex.Count(page, @"<img alt=""[^""]{10,}"" [^>]*src=""data:image/png"));
        Assert.Matches(@"<th>precision</th>\s*<th>recall</th>", page);
    }

    [StackFact]
    public async Task The_tutorial_notebook_has_every_row_that_it_sent_in_the_lake()
    {
        var page = await RunAsync("tutorial-loop", new()
        {
            ["STOCKACTORS"] = Stockactors,
            ["CSV"] = Cli.Sample,
            ["LAKE"] = Path.Combine(day.Cli.Directory, "loop"),
        });

        Assert.Contains("100 rows were sent and are in the lake once each", page, StringComparison.Ordinal);
        Assert.Contains("The balance holds", page, StringComparison.Ordinal);
    }

    /// <summary>Runs a notebook to its end; a check in it that fails is an error with its words.</summary>
    private async Task<string> RunAsync(string notebook, Dictionary<string, string> environment)
    {
        var stack = new StackInstance(new Dictionary<string, string>(environment) { ["STACK_DIR"] = Path.Combine(day.Cli.Directory, "stack") });
        await stack.RunAsync("notebook", Path.Combine(AppContext.BaseDirectory, "notebooks", $"{notebook}.ipynb"), "--output-dir", day.Cli.Directory);
        return await File.ReadAllTextAsync(Path.Combine(day.Cli.Directory, $"{notebook}.html"));
    }

    private static IEnumerable<string> Rows(XDocument page, string caption) =>
        page.Descendants("table").Single(table => table.Element("caption")!.Value == caption).Element("tbody")!.Elements("tr")
            .Select(row => string.Join(' ', row.Elements().Select(cell => cell.Value)));
}
