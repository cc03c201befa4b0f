using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using StockActors.Market;

namespace StockActors.Node.Reports;

/// <summary>
/// The report as one HTML page that needs nothing else: its frame and style are <c>ReportPage.html</c>, its parts are elements, so that every text in
/// them is encoded as it is written.
/// </summary>
internal sealed partial class ReportPage
{
    private const int MostMovers = 8;
    private const int MostRows = 200;

    private readonly DayReport _report;
    private readonly IReadOnlyList<SymbolDay> _shown;
    private readonly DayPictures? _pictures;

    private ReportPage(DayReport report)
    {
        _report = report;
        _shown = [.. report.Symbols.Take(report.Shown)];
        _pictures = report.Volumes.Count > 0
            ? new DayPictures(report.Volumes[0].Start, report.Volumes[^1].Start + UnixNanos.Of(report.Interval), report.Interval)
            : null;
    }

    /// <summary>The page.</summary>
    public static string Of(DayReport report)
    {
        var page = new ReportPage(report);
        var parts = new Dictionary<string, object[]>
        {
            ["title"] = [$"Market report, {report.Date:yyyy-MM-dd}"],
            ["about"] = [.. page.About()],
            ["sum"] = [page.Sum()],
            ["movers"] = [.. page.Movers()],
            ["volumes"] = [.. page.Volumes()],
            ["candles"] = [.. page.Candles()],
            ["bars"] = [.. page.Bars()],
            ["halts"] = [.. page.Halts()],
            ["facts"] = [.. page.Facts()],
            ["quality"] = [.. page.Quality()],
        };
        return Place().Replace(Frame(), place => Html(parts[place.Groups[1].Value]));
    }

    private IEnumerable<XElement> About()
    {
        yield return P($"Run {_report.Run?.Name ?? "none: bars only"}{(_report.Run is { } run ? $" ({run.Source})" : "")}, lake {_report.Lake}, asked by {_report.Engine} at {At(_report.MadeAt)} UTC.");
        if (_report.OtherRuns.Count > 0)
        {
            yield return P(
                $"Not in this report, and chosen by --run: {string.Join("; ", _report.OtherRuns.Take(MostMovers).Select(other => $"{other.Name} ({other.Source}) with {Count(other.Ticks)} ticks"))}"
                + $"{(_report.OtherRuns.Count > MostMovers ? $" and {_report.OtherRuns.Count - MostMovers} more" : "")}.");
        }
    }

    private XElement Sum() => new(
        "dl",
        new XAttribute("class", "sum"),
        Figure("Symbols traded", Count(_report.Symbols.Count)),
        Figure("Trades", Count(_report.Run?.Trades ?? 0)),
        Figure("Volume, units", Count(_report.Symbols.Sum(symbol => symbol.Day.Volume))),
        Figure("Turnover", Exact(_report.Volumes.Sum(interval => interval.Turnover))),
        Figure("Quotes", Count(_report.Run?.Quotes ?? 0)),
        Figure("Halts", Count(_report.Halts.Count)),
        Figure("Data quality", Checks().Any(check => check.Holds == false) ? "look at it" : "nothing amiss"));

    private IEnumerable<XElement> Movers()
    {
        var moved = _report.Symbols.Where(symbol => symbol.Day.Change is not null).ToList();
        if (moved.Count == 0)
        {
            yield return P("No trades on this day.");
            yield break;
        }

        yield return P("From the day's first trade to its last.");
        yield return new XElement(
            "div",
            new XAttribute("class", "two"),
            Table("Rising most", Heads, moved.Where(s => s.Day.Close > s.Day.Open).OrderByDescending(s => s.Day.Change).ThenBy(s => s.Symbol, StringComparer.Ordinal).Take(MostMovers).Select(Row)),
            Table("Falling most", Heads, moved.Where(s => s.Day.Close < s.Day.Open).OrderBy(s => s.Day.Change).ThenBy(s => s.Symbol, StringComparer.Ordinal).Take(MostMovers).Select(Row)));

        static Cell[] Row(SymbolDay symbol) =>
            [symbol.Symbol, Number(Change(symbol.Day.Change!.Value)), Number(Change(symbol.Day.Close - symbol.Day.Open)), Price(symbol.Day.Open), Price(symbol.Day.Close)];
    }

    private static readonly string[] Heads = ["Symbol", "Change, %", "Change", "First", "Last"];

    private IEnumerable<XElement> Volumes()
    {
        if (_pictures is null)
        {
            yield return P("No trades on this day.");
            yield break;
        }

        var all = _report.Symbols.Sum(symbol => symbol.Day.Volume);
        var most = _report.Volumes.MaxBy(interval => interval.Volume)!;
        var what = $"Volume of all symbols by {Length(_report.Interval)}: {Count(all)} units, most of them ({Count(most.Volume)}) in the {Length(_report.Interval)} from {Clock(most.Start)}.";
        yield return new XElement("figure", _pictures.Volumes(what, _report.Volumes), new XElement("figcaption", what));
        yield return Table(
            Shown(),
            ["Symbol", "Trades", "Volume, units", "Volume, % of all", "Average price (VWAP)"],
            _shown.Select(symbol => new Cell[]
            {
                symbol.Symbol, Number(Count(symbol.Day.Trades)), Number(Count(symbol.Day.Volume)),
                Price(all == 0 ? 0 : Math.Round((decimal)symbol.Day.Volume * 100 / all, 2)), symbol.Vwap is { } vwap ? Price(vwap) : Number("none"),
            }));
    }

    private IEnumerable<XElement> Candles()
    {
        if (_pictures is null)
        {
            yield return P("No trades on this day.");
            yield break;
        }

        yield return P($"{Shown()} A candle is {Length(_report.Interval)}; hollow ones rise, filled ones fall; below them the volume. Grey stands behind halts.");
        yield return new XElement("div", new XAttribute("class", "charts"), _shown.Select(Chart));
    }

    private XElement Chart(SymbolDay symbol)
    {
        var day = symbol.Day;
        var figures = $"open {TickText.Figure(day.Open)}, high {TickText.Figure(day.High)}, low {TickText.Figure(day.Low)}, close {TickText.Figure(day.Close)}"
            + $"{(day.Change is { } change ? $" ({Change(change)} %)" : "")}, volume {Count(day.Volume)} in {Count(day.Trades)} trades";
        var hours = symbol.Candles.GroupBy(candle => candle.Start - (candle.Start % UnixNanos.PerHour)).Select(hour => Candle.Of([.. hour], hour.Key));
        return new XElement(
            "figure",
            new XElement("h3", symbol.Symbol),
            _pictures!.Candles($"Candles of {symbol.Symbol}: {figures}", symbol.Candles, _report.Halts.Where(halt => halt.Symbol == symbol.Symbol)),
            new XElement("figcaption", figures),
            new XElement(
                "details",
                new XElement("summary", "By the hour"),
                Table(
                    $"{symbol.Symbol} by the hour",
                    ["From, UTC", "Open", "High", "Low", "Close", "Volume, units", "Trades"],
                    hours.Select(hour => new Cell[]
                    {
                        Clock(hour.Start)[..5], Price(hour.Open), Price(hour.High), Price(hour.Low), Price(hour.Close), Number(Count(hour.Volume)), Number(Count(hour.Trades)),
                    }))));
    }

    private IEnumerable<XElement> Bars()
    {
        if (_report.Bars.Count == 0)
            yield break;
        yield return new XElement(
            "section",
            new XAttribute("aria-labelledby", "bars"),
            new XElement("h2", new XAttribute("id", "bars"), "Bars"),
            P("What came in as bars, of a file or a foreign producer: not of the trades above."),
            Table(
                $"{Least(_report.Bars.Count, MostRows)} by symbol and interval",
                ["Symbol", "Interval", "Source", "Run", "Bars", "Open", "High", "Low", "Close", "Volume, units"],
                _report.Bars.Take(MostRows).Select(bars => new Cell[]
                {
                    bars.Symbol, bars.Interval, bars.Source, bars.RunId.Length > 0 ? bars.RunId : "none", Number(Count(bars.Bars)), Price(bars.Open), Price(bars.High),
                    Price(bars.Low), Price(bars.Close), Number(bars.Volume is { } volume ? Count(volume) : "none"),
                })));
    }

    private IEnumerable<XElement> Halts()
    {
        if (_report.Halts.Count == 0)
        {
            yield return P("None on this day.");
            yield break;
        }

        yield return Table(
            $"{Least(_report.Halts.Count, MostRows)}, by symbol and time",
            ["Symbol", "From, UTC", "To, UTC", "Length, s", "Reason"],
            _report.Halts.Take(MostRows).Select(halt => new Cell[]
            {
                halt.Symbol, Clock(halt.From), halt.To is { } to ? Clock(to) : "not resumed on this day",
                Number(halt.To is { } end ? TickText.Figure((end - halt.From) / (decimal)UnixNanos.PerSecond) : ""), halt.Reason.Length > 0 ? halt.Reason : "none given",
            }));
    }

    private IEnumerable<XElement> Facts()
    {
        if (_report.Facts is { } facts)
        {
            yield return P("From the last price of each minute; a day is too short to be judged by them. 'stockactors simulate --facts' judges many days, by the mid price.");
            yield return Table(
                $"Stylized facts of {Count(facts.Returns)} one-minute returns",
                ["Fact", "Of this day", "Real markets"],
                [
                    ["Excess kurtosis", Fact(facts.Kurtosis), Number("> 0, often > 5")],
                    ["Autocorrelation, one minute later", Fact(facts.Autocorrelation), Number("near 0")],
                    ["Autocorrelation of absolute returns, one to ten minutes later", Fact(facts.Clustering), Number("> 0")],
                    ["Correlation of volume and absolute return", Fact(facts.VolumeAndReturn), Number("> 0.3")],
                    ["Correlation of two symbols", Fact(facts.PairCorrelation), Number("> 0.1")],
                ]);
        }
        else
        {
            yield return P("Stylized facts: the day has no symbol with thirty minutes of trades.");
        }

        if (_report.Scores is { } scores)
        {
            yield return Table(
                "What the library's queries find of what was injected",
                ["Kind", "Injected", "Found", "False alarms", "Precision", "Recall"],
                scores.Select(score => new Cell[]
                {
                    score.Kind, Number(Count(score.Injected)), Number(Count(score.Found)), Number(Count(score.FalseAlarms)), Share(score.Precision), Share(score.Recall),
                }));
        }
        else
        {
            yield return P("Detection: the lake has no table truth with this run, so nobody can say what its queries find and what they miss.");
        }

        static Cell Fact(double value) => Number(double.IsFinite(value) ? value.ToString("0.000", CultureInfo.InvariantCulture).Replace('-', '−') : "none");

        static Cell Share(decimal? share) => Number(share is { } known ? known.ToString("0.00", CultureInfo.InvariantCulture) : "none");
    }

    private IEnumerable<XElement> Quality()
    {
        yield return new XElement(
            "ul",
            new XAttribute("class", "checks"),
            Checks().Select(check => new XElement(
                "li", check.Holds == false ? new XAttribute("class", "look") : null, new XElement("b", check.Holds switch { true => "holds", false => "look", null => "unknown" }), " " + check.What)));
        if (_report.Faults.Count > 0)
        {
            yield return Table(
                $"{Least(_report.Faults.Count, MostRows)} gaps and repeats of sequences",
                ["Symbol", "Kind", "First sequence", "Last sequence", "Missing", "Before, UTC"],
                _report.Faults.Take(MostRows).Select(fault => new Cell[]
                {
                    fault.Symbol, fault.Kind, Number(Count(fault.First)), Number(Count(fault.Last)), Number(Count(fault.Missing)), Clock(fault.Before),
                }));
        }

        yield return Table(
            "The lanes that the day's ticks came by",
            ["Topic", "Lane", "Rows of the day", "Epochs", "Dead letters beside them", "Claimed from, UTC", "Claimed to, UTC", "Committed to", "Lag, records", "Audited to"],
            _report.Lanes.Select(lane => new Cell[]
            {
                lane.Day.Topic, Number($"{lane.Day.Lane}"), Number(Count(lane.Day.Rows)), Number(Count(lane.Day.Epochs)), Number(Count(lane.Day.Dead)),
                At(lane.Day.FirstAt!.Value), At(lane.Day.LastAt!.Value), Offset(lane.Now?.CommittedEnd, "unknown"), Offset(lane.Now?.Lag, "unknown"),
                Offset(lane.Day.AuditedTo, "never"),
            }));
    }

    /// <summary>What the day's data can be held to; <c>null</c> where nobody knows.</summary>
    private IEnumerable<(bool? Holds, string What)> Checks()
    {
        if (_report.Run is { RunId.Length: > 0 })
        {
            yield return _report.Faults.Count == 0
                ? (true, "Sequences: without gap or repeat for every symbol, across the ticks of the day.")
                : (false, $"Sequences: {Count(_report.Faults.Count)} gaps and repeats, {Count(_report.Faults.Sum(fault => fault.Missing))} numbers are missing. "
                    + "Where the day is still coming in, so may they be; else 'stockactors audit' names offsets.");
        }

        var beside = _report.Lanes.Sum(lane => lane.Day.Dead);
        yield return (beside == 0, $"Dead letters: {Count(beside)} among the records that the day's ticks came with, {Count(_report.DeadInAll)} in all of the lake."
            + $"{(_report.DeadInAll > 0 ? " 'stockactors dead list' shows them." : "")}");
        foreach (var lane in _report.Lanes.Where(lane => lane.Now?.Stopped is not null))
            yield return (false, $"Lane {lane.Day.Lane} of {lane.Day.Topic} has stopped since {At(lane.Now!.Stopped!.At)}: {lane.Now.Stopped.Message}");
        var lag = _report.Lanes.Sum(lane => lane.Now?.Lag ?? 0);
        yield return _report.LogNote.Length > 0 ? (null, $"Lag: {_report.LogNote}")
            : (lag == 0, $"Lag: {Count(lag)} records were in the log and not yet in the lake.");
        var uncounted = _report.Lanes.Count(lane => lane.Day.AuditedTo is null);
        yield return uncounted == 0 ? (true, "Audit: one that found nothing has counted the log of every lane, up to the offset below.")
            : (null, $"Audit: none has counted the log of {Count(uncounted)} of {Count(_report.Lanes.Count)} lanes; 'stockactors audit' does.");
    }

    private string Shown() => _shown.Count == _report.Symbols.Count
        ? $"All {Count(_shown.Count)} symbols, the most traded first (by average price × volume)."
        : $"{Count(_shown.Count)} of {Count(_report.Symbols.Count)} symbols, the most traded first (by average price × volume); --symbols shows more.";

    private static string Least(int all, int shown) => all > shown ? $"The first {Count(shown)} of {Count(all)}" : Count(all);

    private static XElement P(string text) => new("p", text);

    private static XElement Figure(string name, string value) => new("div", new XElement("dt", name), new XElement("dd", value));

    private static XElement Table(string caption, string[] heads, IEnumerable<Cell[]> rows)
    {
        var body = rows.ToList();
        return body.Count == 0 ? P($"{caption}: none.") : new XElement(
            "div",
            new XAttribute("class", "scroll"), new XAttribute("role", "region"), new XAttribute("aria-label", caption), new XAttribute("tabindex", "0"),
            new XElement(
                "table",
                new XElement("caption", caption),
                new XElement("thead", new XElement("tr", heads.Select((head, i) => new XElement("th", new XAttribute("scope", "col"), Side(body[0][i]), head)))),
                new XElement("tbody", body.Select(row => new XElement("tr", row.Select((cell, i) => i == 0
                    ? new XElement("th", new XAttribute("scope", "row"), cell.Text)
                    : new XElement("td", Side(cell), cell.Text)))))));
    }

    private static XAttribute? Side(Cell cell) => cell.IsNumber ? new XAttribute("class", "n") : null;

    private static Cell Number(string text) => new(text, IsNumber: true);

    private static Cell Price(decimal price) => Number(TickText.Figure(price));

    private static Cell Offset(long? offset, string otherwise) => Number(offset is { } known ? Count(known) : otherwise);

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Exact(decimal sum) => sum.ToString("#,##0.00#######", CultureInfo.InvariantCulture);

    private static string Change(decimal change) => change.ToString("+0.00#######;−0.00#######;0.00", CultureInfo.InvariantCulture);

    private static string Clock(long time) => UnixNanos.ToInstant(time).ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private static string At(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Length(TimeSpan interval) => interval.TotalMinutes switch
    {
        1 => "minute",
        60 => "hour",
        var minutes => $"{minutes.ToString(CultureInfo.InvariantCulture)} minutes",
    };

    private static string Html(object[] parts)
    {
        var html = new StringBuilder();

        // A reason or a path may hold characters that XML has no way to write; browsers put up with them.
        var settings = new XmlWriterSettings { ConformanceLevel = ConformanceLevel.Fragment, OmitXmlDeclaration = true, CheckCharacters = false };
        using (var writer = XmlWriter.Create(html, settings))
        {
            foreach (var part in parts)
            {
                if (part is XElement element)
                    element.WriteTo(writer);
                else
                    writer.WriteString((string)part);
            }
        }

        return html.ToString();
    }

    private static string Frame()
    {
        using var stream = typeof(ReportPage).Assembly.GetManifestResourceStream("StockActors.Node.Reports.ReportPage.html")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"\{\{([a-z]+)\}\}")]
    private static partial Regex Place();

    /// <summary>A cell of a table; numbers stand at its right.</summary>
    private readonly record struct Cell(string Text, bool IsNumber = false)
    {
        public static implicit operator Cell(string text) => new(text);
    }
}
