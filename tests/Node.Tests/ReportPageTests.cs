using System.Globalization;
using System.Xml.Linq;
using StockActors.Market;
using StockActors.Node.Reports;
using StockActors.Sinks;

namespace StockActors.Node.Tests;

public sealed class ReportPageTests
{
    private static readonly DateOnly Day = new(2026, 1, 5);
    private static readonly long Open = UnixNanos.From(Day) + (14 * UnixNanos.PerHour);

    [Fact]
    public void A_text_of_the_lake_is_text_in_the_page_whatever_it_is()
    {
        const string hostile = "<script>alert('x')</script>&\"{{sum}}";
        var report = Report([Symbol("<b>A&", Candle(0, 1, 2))]) with
        {
            Lake = hostile,
            Halts = [new Halt("<b>A&", Open, null, hostile)],
            Bars = [new BarsOfDay(hostile, "1d", "external", hostile, 1, 1, 1, 1, 1, null)],
            OtherRuns = [new RunOfDay(hostile, "sim", 1, 1, 1)],
            LogNote = hostile,
        };

        var page = Parse(report);

        Assert.Empty(page.Descendants("script"));
        Assert.Equal("<b>A&", page.Descendants("h3").Single().Value);
        Assert.Equal(hostile, Rows(page, "1, by symbol and time").Single()[4]);
        Assert.Contains(hostile, page.Descendants("header").Single().Value, StringComparison.Ordinal);
        Assert.NotEmpty(ReportPage.Of(report with { Lake = "a\u0001b\uFFFE" }));
    }

    [Fact]
    public void The_page_asks_for_nothing_and_runs_nothing()
    {
        var page = Parse(Report([Symbol("A", Candle(0, 1, 2))]));

        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "script" or "link" or "img" or "iframe" or "object" or "image" or "use");
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute =>
            attribute.Name.LocalName is "src" || (attribute.Name.LocalName == "href" && !attribute.Value.StartsWith('#'))
            || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        var style = page.Descendants("style").Single().Value;
        Assert.DoesNotContain("url(", style, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", style, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_picture_is_told_in_words_and_every_table_has_a_caption_and_headings()
    {
        var page = Parse(Report([Symbol("A", Candle(0, 10, 11), Candle(1, 11, 9)), Symbol("B", Candle(0, 5, 5))]));

        var pictures = page.Descendants().Where(element => element.Name.LocalName == "svg").ToList();
        Assert.Equal(3, pictures.Count);
        Assert.All(pictures, picture => Assert.Equal("img", picture.Attribute("role")!.Value));
        Assert.All(pictures, picture => Assert.NotEmpty(picture.Attribute("aria-label")!.Value));
        Assert.NotEmpty(page.Descendants("table"));
        Assert.All(page.Descendants("table"), table =>
        {
            Assert.NotEmpty(table.Element("caption")!.Value);
            var heads = table.Element("thead")!.Descendants("th").ToList();
            Assert.All(heads, head => Assert.Equal("col", head.Attribute("scope")!.Value));
            Assert.All(table.Element("tbody")!.Elements("tr"), row => Assert.Equal(heads.Count, row.Elements().Count()));
        });
        Assert.All(page.Descendants("a"), link => Assert.Single(page.Descendants(), element => $"#{element.Attribute("id")?.Value}" == link.Attribute("href")!.Value));
        Assert.Equal("en", page.Root!.Attribute("lang")!.Value);
    }

    [Fact]
    public void Decimals_are_exact_and_hours_add_up()
    {
        var page = Parse(Report([Symbol("A", Candle(0, 0.000000001m, 12345678.123456789m), Candle(59, 3, 4), Candle(60, 7, 7.5m))]));

        var hours = Rows(page, "A by the hour");
        Assert.Equal(2, hours.Count);
        Assert.Equal(["14:00", "0.000000001", "12345678.123456789", "0.000000001", "4.00", "200", "2"], hours[0]);
        Assert.Equal(["15:00", "7.00", "7.50", "7.00", "7.50", "100", "1"], hours[1]);
    }

    [Fact]
    public void Movers_are_ordered_by_what_they_moved_and_those_that_stand_are_none()
    {
        var page = Parse(Report([Symbol("UP1", Candle(0, 100, 101)), Symbol("UP9", Candle(0, 100, 109)), Symbol("FLAT", Candle(0, 5, 5)), Symbol("DOWN", Candle(0, 4, 3))]));

        Assert.Equal(["UP9", "UP1"], Rows(page, "Rising most").Select(row => row[0]));
        Assert.Equal(["DOWN", "−25.00", "−1.00", "4.00", "3.00"], Rows(page, "Falling most").Single());
    }

    [Fact]
    public void What_is_amiss_is_told_and_what_nobody_knows_does_not_pass_for_sound()
    {
        Assert.Equal(["holds", "holds", "unknown", "unknown"], Verdicts(Report([Symbol("A", Candle(0, 1, 2))])));

        var amiss = Report([Symbol("A", Candle(0, 1, 2))]) with { Faults = [new SequenceFault("A", "gap", 1, 2, 2, Open)], Lanes = [Lane(dead: 3, lag: 4, audited: 5)], DeadInAll = 7, LogNote = "" };
        Assert.Equal(["look", "look", "look", "holds"], Verdicts(amiss));
        Assert.Equal(["A", "gap", "1", "2", "2", "14:00:00.000"], Rows(Parse(amiss), "1 gaps and repeats of sequences").Single());
        Assert.Equal("look at it", Parse(amiss).Descendants("dd").Last().Value);

        static IEnumerable<string> Verdicts(DayReport report) => Parse(report).Descendants("ul").Single().Descendants("b").Select(verdict => verdict.Value);
    }

    [Fact]
    public void Symbols_beyond_those_asked_for_are_counted_and_not_shown()
    {
        var page = Parse(Report([.. Enumerable.Range(0, 5).Select(i => Symbol($"S{i}", Candle(0, 1, 2)))]) with { Shown = 2 });

        Assert.Equal(["S0", "S1"], page.Descendants("h3").Select(head => head.Value));
        Assert.Contains("2 of 5 symbols", page.Root!.Value, StringComparison.Ordinal);
        Assert.Equal("5", page.Descendants("dd").First().Value);
    }

    [Fact]
    public void A_day_of_bars_alone_has_a_page_too()
    {
        var page = Parse(Report([]) with { Run = null, Volumes = [], Bars = [new BarsOfDay("HSI", "1d", "external", "", 1, 10, 12, 9, 11, null)], Lanes = [] });

        Assert.Equal(["HSI", "1d", "external", "none", "1", "10.00", "12.00", "9.00", "11.00", "none"], Rows(page, "1 by symbol and interval").Single());
    }

    [Fact]
    public void Detection_is_told_where_the_truth_is_known_and_its_absence_where_it_is_not()
    {
        var report = Report([Symbol("A", Candle(0, 1, 2))]) with { Facts = new FactsOfDay(5.25, -0.0615, 0.2, 0.4, double.NaN, 389) };
        Assert.Contains("the lake has no table truth with this run", Parse(report).Root!.Value, StringComparison.Ordinal);
        Assert.Equal(["5.250", "−0.062", "0.200", "0.400", "none"], Rows(Parse(report), "Stylized facts of 389 one-minute returns").Select(row => row[1]));

        var judged = Parse(report with { Scores = [new DetectionScore("fat-finger", 4, 3, 0, 1, 0.75m), new DetectionScore("spoofing", 0, 0, 0, null, null)] });
        Assert.Equal(
            [["fat-finger", "4", "3", "0", "1.00", "0.75"], ["spoofing", "0", "0", "0", "none", "none"]], Rows(judged, "What the library's queries find of what was injected"));
    }

    [Fact]
    public void A_picture_stays_within_its_frame()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var price = (decimal)Math.Pow(10, random.Next(-8, 9));
            var candles = Enumerable.Range(0, random.Next(1, 90)).Where(_ => random.Next(4) > 0).DefaultIfEmpty(0)
                .Select(minute => Candle(minute, price * random.Next(1, 50), price * random.Next(1, 50)) with { Volume = random.NextInt64(0, long.MaxValue / 200) }).ToArray();
            var picture = new DayPictures(Open, Open + (90 * 60 * UnixNanos.PerSecond), TimeSpan.FromMinutes(1))
                .Candles("A", candles, [new Halt("A", Open - UnixNanos.PerHour, Open + UnixNanos.PerHour, ""), new Halt("A", Open + UnixNanos.PerHour, Open + UnixNanos.PerDay, ""), new Halt("A", Open, null, "")]);

            foreach (var path in picture.Descendants().Attributes("d"))
            {
                foreach (var (x, y) in Points(path.Value))
                    Assert.True(x is >= 0 and <= 720 && y is >= 0 and <= 248, $"seed {seed}: {x} {y} in {path.Value}");
            }

            Assert.InRange(picture.Descendants().Count(element => (string?)element.Attribute("class") == "grid"), 1, 12);
        }
    }

    private static IEnumerable<(double X, double Y)> Points(string path)
    {
        var (x, y) = (0.0, 0.0);
        foreach (System.Text.RegularExpressions.Match step in System.Text.RegularExpressions.Regex.Matches(path, "([MVHhv])([-0-9. ]+)"))
        {
            var numbers = step.Groups[2].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray();
            (x, y) = step.Groups[1].Value switch
            {
                "M" => (numbers[0], numbers[1]),
                "V" => (x, numbers[0]),
                "H" => (numbers[0], y),
                "h" => (x + numbers[0], y),
                _ => (x, y + numbers[0]),
            };
            yield return (x, y);
        }
    }

    private static XDocument Parse(DayReport report) => XDocument.Parse(ReportPage.Of(report));

    private static List<string[]> Rows(XDocument page, string caption) =>
    [
        .. page.Descendants("table").Single(table => table.Element("caption")!.Value == caption).Element("tbody")!.Elements("tr")
            .Select(row => row.Elements().Select(cell => cell.Value).ToArray()),
    ];

    private static Candle Candle(int minute, decimal open, decimal close) => new(
        Open + (minute * 60 * UnixNanos.PerSecond), open, Math.Max(open, close), Math.Min(open, close), close, 100, 1);

    private static SymbolDay Symbol(string symbol, params Candle[] candles) => new(symbol, Reports.Candle.Of(candles, Open), 1.5m, candles);

    private static LaneOfDay Lane(long dead = 0, long? lag = null, long? audited = null) => new(
        new LaneDay("ticks", "0f", 0, 1, 10, dead, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, dead, audited),
        new LaneReport("ticks", "0f", 0, 2, "epoch", 10, 10, "node", DateTimeOffset.UnixEpoch, lag is { } behind ? new LogExtent("0f", 0, 10 + behind) : null, null));

    private static DayReport Report(IReadOnlyList<SymbolDay> symbols) => new(
        Day, "/lake", "duckdb", DateTimeOffset.UnixEpoch, new RunOfDay("r", "sim", 1, 2, 3), [], TimeSpan.FromMinutes(1), symbols, 20,
        symbols.Count == 0 ? [] : [new(Open, 100, 1), new(Open + (89 * 60 * UnixNanos.PerSecond), 50, 1)], [], [], [], [Lane()], 0, "No Kafka is configured.");
}
