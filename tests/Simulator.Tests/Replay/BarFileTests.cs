using System.Globalization;
using System.Text;
using StockActors.Market;
using StockActors.Simulator.Replay;

namespace StockActors.Simulator.Tests.Replay;

public sealed class BarFileTests : IDisposable
{
    private const string Header = "Date,Open,High,Low,Close,Volume\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bars-");

    public void Dispose() => _folder.Delete(recursive: true);

    [SharedFact("data")]
    public void Every_row_of_the_hang_seng_file_is_a_good_bar()
    {
        var file = BarFile.Open(SharedFolder.PathOf("data/indexProcessed.csv"), Options());
        var rows = file.Rows("a-run").ToList();

        Assert.Equal((5_692, "1d"), (rows.Count, file.Interval));
        Assert.All(rows, r => Assert.Null(r.Bad));
        Assert.Equal(Enumerable.Range(1, 5_692), rows.Select(r => (int)r.Tick.Sequence!.Value));
    }

    [Fact]
    public void The_sample_s_rows_are_the_bars_they_say()
    {
        var path = Path.Combine(SharedFolder.Repository, "samples", "hang-seng-sample.csv");
        var file = BarFile.Open(path, Options());
        var rows = file.Rows("a-run").ToList();

        Assert.Equal(["Index", "Date", "Open", "High", "Low", "Close", "Adj Close", "Volume", "CloseUSD"], file.Columns);
        Assert.Equal(250, rows.Count(r => r.IsGood));
        var last = rows[^1].Tick;
        Assert.Equal(
            new Tick
            {
                Kind = TickKind.Bar,
                Source = TickSource.Replay,
                Symbol = "HSI",
                RunId = "a-run",
                Sequence = 250,
                TsEvent = UnixNanos.From(new DateOnly(2010, 1, 8)),
                Bar = new Bar(
                    Open: 22_282_750_000_000,
                    High: 22_443_220_700_000,
                    Low: 22_206_160_160_000,
                    Close: 22_296_750_000_000,
                    AdjClose: 22_296_750_000_000,
                    Volume: 1_626_022_600,
                    CloseUsd: 2_898_577_500_000,
                    Interval: "1d"),
            },
            last);

        // An oracle of its own: the lines cut at commas, the prices read as decimals.
        var lines = File.ReadAllLines(path)[1..];
        Assert.Equal(lines.Select(l => Round(l.Split(',')[2])), rows.Select(r => Price.ToDecimal(r.Tick.Bar!.Open)));
        Assert.Equal(lines.Select(l => Round(l.Split(',')[8])), rows.Select(r => Price.ToDecimal(r.Tick.Bar!.CloseUsd!.Value)));

        static decimal Round(string text) => Math.Round(decimal.Parse(text, CultureInfo.InvariantCulture), 9, MidpointRounding.ToEven);
    }

    [Theory]
    [InlineData(",")]
    [InlineData(";")]
    [InlineData("\t")]
    public void Columns_are_found_by_name_whatever_their_order_case_and_separator(string separator)
    {
        const string text = "\uFEFFclose_usd,LOW,high,TICKER,ADJ_CLOSE,open,Datetime,close,Note,volume\n"
            + "1.5,8,12,AAA,9.5,10,2020-03-04T09:30:00Z,11,\"a,b;c\td\",7\n";
        var file = Open("x.csv", text.Replace(",", separator, StringComparison.Ordinal), Options() with { Interval = "5m" });

        var tick = Assert.Single(file.Rows("a-run")).Tick;
        Assert.Equal("AAA", tick.Symbol);
        Assert.Equal(new Bar(10 * Price.One, 12 * Price.One, 8 * Price.One, 11 * Price.One, 9_500_000_000, 7, 1_500_000_000, "5m"), tick.Bar);
    }

    [Theory]
    [InlineData("Date,Open,High,Low,Close\n2020-03-04,1,1,1,1\n", "GOOG", null, "GOOG")]
    [InlineData("Date,Open,High,Low,Close\n2020-03-04,1,1,1,1\n", "GOOG", "MSFT", "MSFT")]
    [InlineData("Date,Open,High,Low,Close,Symbol\n2020-03-04,1,1,1,1,X\n", "GOOG", "MSFT", "X")]
    [InlineData("Date,Open,High,Low,Close,index\n2020-03-04,1,1,1,1,^HSI\n", "GOOG", null, "^HSI")]
    public void A_symbol_is_the_column_s_or_the_flag_s_or_the_file_s(string text, string name, string? flag, string expected) =>
        Assert.Equal(expected, Assert.Single(Open($"{name}.csv", text, Options() with { Symbol = flag }).Rows("a-run")).Tick.Symbol);

    [Theory]
    [InlineData("Date", "2020-03-04", "2020-03-04T00:00:00.000000000Z")]
    [InlineData("Datetime", "2020-03-04 09:30", "2020-03-04T09:30:00.000000000Z")]
    [InlineData("Date", "2020-03-04T09:30:15", "2020-03-04T09:30:15.000000000Z")]
    [InlineData("Date", "2020-03-04T09:30:15.123456789Z", "2020-03-04T09:30:15.123456789Z")]
    [InlineData("Date", "2020-03-04 00:30:00-05:00", "2020-03-04T05:30:00.000000000Z")]
    [InlineData("Date", "2020-03-04T00:30:00+0130", "2020-03-03T23:00:00.000000000Z")]
    [InlineData("Timestamp", "1583314215", "2020-03-04T09:30:15.000000000Z")]
    [InlineData("timestamp", "1583314215123", "2020-03-04T09:30:15.123000000Z")]
    [InlineData("Timestamp", "-1583314215", "1919-10-30T14:29:45.000000000Z")]
    [InlineData("Timestamp", "2020-03-04", "2020-03-04T00:00:00.000000000Z")]
    public void Dates_are_read_in_their_one_form(string column, string date, string expected)
    {
        var file = Open("A.csv", $"{column},Open,High,Low,Close\n{date},1,1,1,1\n", Options() with { Interval = "1d" });

        Assert.Equal(expected, UnixNanos.Format(Assert.Single(file.Rows("a-run")).Tick.TsEvent));
    }

    [Theory]
    [InlineData("dd/MM/yyyy", "03/04/2020", "2020-04-03T00:00:00.000000000Z", "1d")]
    [InlineData("MM/dd/yyyy", "03/04/2020", "2020-03-04T00:00:00.000000000Z", "1d")]
    [InlineData("yyyyMMdd", "20200304", "2020-03-04T00:00:00.000000000Z", "1d")]
    [InlineData("d.M.yyyy HH:mm zzz", "3.4.2020 09:30 +02:00", "2020-04-03T07:30:00.000000000Z", null)]
    public void Dates_are_read_in_the_form_that_the_flag_says(string format, string date, string expected, string? interval)
    {
        var text = $"Date,Open,High,Low,Close\n{date},1,1,1,1\n";
        if (interval is null)
            Refused("--interval", "A.csv", text, Options() with { DateFormat = format });
        var file = Open("A.csv", text, Options() with { DateFormat = format, Interval = interval is null ? "15m" : null });
        Assert.Equal(interval ?? "15m", file.Interval);
        Assert.Equal(expected, UnixNanos.Format(Assert.Single(file.Rows("a-run")).Tick.TsEvent));
    }

    [Theory]
    [InlineData("Date", "03/04/2020")]
    [InlineData("Date", "20200304")]
    [InlineData("Timestamp", "20200304")]
    [InlineData("Date", "1583314215")]
    [InlineData("Date", "2020-3-4")]
    [InlineData("Date", "2020-02-30")]
    [InlineData("Date", "Mar 4, 2020")]
    [InlineData("Date", "2020-03-04T09:30:15.1234567890Z")]
    [InlineData("Date", "1500-01-01")]
    public void A_file_whose_dates_could_be_anything_is_an_error_that_names_the_flag(string column, string date)
    {
        var error = Assert.Throws<BarFileException>(() => Open("A.csv", $"{column},Open,High,Low,Close\n\n\"{date}\",1,1,1,1\n", Options()));

        Assert.Equal(3, error.Line);
        Assert.Contains(date, error.Message, StringComparison.Ordinal);
        Assert.Contains("--date-format", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2020-03-04,2020-03-05,2020-03-12", "1d")]
    [InlineData("2020-03-04T09:30,2020-03-04T09:31,2020-03-04T09:40", "1m")]
    [InlineData("2020-03-04T09:45,2020-03-04T09:35,2020-03-04T09:30", "5m")]
    [InlineData("2020-03-04T09:30,2020-03-05T09:30", "1d")]
    [InlineData("2020-03-04T09:30,2020-03-11T09:30", "1w")]
    [InlineData("2020-03-04T08:00,2020-03-04T12:00,2020-03-04T12:00", "4h")]
    [InlineData("2020-03-04T09:30:00,2020-03-04T09:30:01", "1s")]
    [InlineData("2020-03-04T09:30:00,2020-03-04T09:31:30", "90s")]
    [InlineData("2020-03-04T09:30:00,2020-03-04T09:30:00.5", null)]
    [InlineData("2020-03-04T09:30:00,2020-03-04T09:30:00", null)]
    public void An_interval_is_found_as_the_least_distance_between_neighbours(string dates, string? expected)
    {
        // A second symbol, a minute and a second off, is no neighbour of the first.
        var rows = dates.Split(',').SelectMany((d, i) => new[] { $"{d},1,1,1,1,A", i == 0 && d.Length > 10 ? "2020-03-04T09:31:01,1,1,1,1,B" : "" });
        var text = $"Date,Open,High,Low,Close,Symbol\n{string.Join('\n', rows)}";

        if (expected is null)
            Refused("--interval", "A.csv", text, Options());
        else
            Assert.Equal(expected, Open("A.csv", text, Options()).Interval);
    }

    [Theory]
    [InlineData("2020-03-05,10,9,10,10,1", "High", "below the low")]
    [InlineData("2020-03-05,13,12,8,10,1", "Open", "13 is not between")]
    [InlineData("2020-03-05,10,12,8,7.999999999,1", "Close", "7.999999999 is not between")]
    [InlineData("2020-03-05,ten,12,8,10,1", "Open", "'ten' is no decimal number")]
    [InlineData("2020-03-05,10,1000000000,8,10,1", "High", "no decimal number below")]
    [InlineData("2020-03-05,10,12,,10,1", "Low", "missing")]
    [InlineData("2020-03-05,10,12,8,null,1", "Close", "missing")]
    [InlineData("03/05/2020,10,12,8,10,1", "Date", "--date-format")]
    [InlineData(",10,12,8,10,1", "Date", "missing")]
    [InlineData("2300-01-01,10,12,8,10,1", "Date", "1678")]
    [InlineData("2020-03-05,10,12,8,10,-1", "Volume", "negative")]
    [InlineData("2020-03-05,10,12,8,10,many", "Volume", "'many' is no number")]
    [InlineData("2020-03-05,10,12,8,10", "", "5 fields where the header has 6")]
    [InlineData("2020-03-05,10,12,8,10,1,", "", "7 fields where the header has 6")]
    public void A_bad_row_is_reported_with_its_line_and_the_rest_go_on(string row, string column, string reason)
    {
        var file = Open("A.csv", $"{Header}2020-03-04,10,12,8,11,5\n\n{row}\n2020-03-06,10,12,8,11,\n", Options());
        var rows = file.Rows("a-run").ToList();

        Assert.Equal([true, false, true], rows.Select(r => r.IsGood));
        var bad = rows[1].Bad!;
        Assert.Equal((file.Path, 4L, column), (bad.File, bad.Line, bad.Column));
        Assert.Contains(reason, bad.Reason, StringComparison.Ordinal);
        Assert.Equal((1, 2), (rows[0].Tick.Sequence, rows[2].Tick.Sequence));
        Assert.Equal((5, null), (rows[0].Tick.Bar!.Volume, rows[2].Tick.Bar!.Volume));
    }

    [Fact]
    public void A_bad_symbol_is_a_bad_row_and_each_symbol_has_a_sequence_of_its_own()
    {
        var text = string.Concat(new[] { "Symbol", "A", "B", "a b", "", "A" }.Select((s, i) => $"{s},{(i == 0 ? "Date,Open,High,Low,Close" : "2020-03-04,1,1,1,1")}\n"));
        var rows = Open("A.csv", text, Options()).Rows("a-run").ToList();

        Assert.Equal(["A1", "B1", "A2"], rows.Where(r => r.IsGood).Select(r => $"{r.Tick.Symbol}{r.Tick.Sequence}"));
        Assert.Equal([(4, "Symbol"), (5, "Symbol")], rows.Where(r => !r.IsGood).Select(r => ((int)r.Bad!.Line, r.Bad.Column)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("NaN")]
    public void A_figure_that_the_source_does_not_have_is_none(string nothing)
    {
        var file = Open("A.csv", $"Date,Open,High,Low,Close,Adj Close,Volume,Close USD\n2020-03-04,1,1,1,1,{nothing},{nothing},{nothing}\n", Options());
        var bar = Assert.Single(file.Rows("a-run")).Tick.Bar!;

        Assert.Equal((null, null, null), (bar.AdjClose, bar.Volume, bar.CloseUsd));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Lines_are_those_of_the_file_with_blank_ones_and_line_ends_within_quotes(string end)
    {
        // Long enough to be read in many pieces; every tenth row is bad, and says on which line it stands.
        var random = new Random(5);
        var text = new StringBuilder($"\n\nDate,Open,High,Low,Close,Note\n");
        var line = 4;
        for (var i = 0; i < 20_000; i++)
        {
            var note = random.Next(4) switch { 0 => "\"two\nlines\"", 1 => "\"a \"\"quoted\"\" word\n\n\"", _ => "none" };
            text.Append(CultureInfo.InvariantCulture, $"2020-03-04,{(i % 10 == 0 ? $"line {line}" : "1")},1,1,1,{note}\n");
            line += 1 + note.Count(c => c == '\n');
            if (random.Next(20) == 0)
            {
                text.Append('\n');
                line++;
            }
        }

        var rows = Open("A.csv", text.Replace("\n", end).ToString(), Options()).Rows("a-run").ToList();

        Assert.Equal(20_000, rows.Count);
        var bad = rows.Where(r => !r.IsGood).Select(r => r.Bad!).ToList();
        Assert.Equal(2_000, bad.Count);
        Assert.All(bad, b => Assert.StartsWith($"'line {b.Line}'", b.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Missing_columns_are_named_together_with_those_that_are_there()
    {
        var error = Assert.Throws<BarFileException>(() => Open("A.csv", "When,Open,Hi,Close\n2020-03-04,1,1,1\n", Options()));

        Assert.Contains("no column Date (or Datetime or Timestamp), High, Low;", error.Message, StringComparison.Ordinal);
        Assert.Contains("it has When, Open, Hi, Close", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, error.Line);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("\n \n", "empty")]
    [InlineData(Header, "no rows")]
    [InlineData("Date,Open,High,Low,Close,close\n2020-03-04,1,1,1,1,1\n", "two columns Close")]
    [InlineData(Header + "2020-03-04,\"1\"0,1,1,1,1\n", "line 2: the quotes")]
    [InlineData(Header + "2020-03-04,1,1,1,1,1\n2020-03-05,1,1,1,1,\"1\n2020-03-05,1,1,1,1,1\n", "line 3: the quotes")]
    public void A_file_that_is_no_file_of_bars_is_a_named_error(string text, string problem)
    {
        var error = Assert.Throws<BarFileException>(() => Open("A.csv", text, Options()));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(error.File, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Quotes_that_break_far_into_the_file_are_a_named_error_after_the_rows_before_them()
    {
        var good = string.Concat(Enumerable.Repeat("2020-03-04,1,1,1,1,1\n", 5_000));
        var file = Open("A.csv", $"{Header}{good}2020-03-04,\"1,1,1,1,1\n{good}{good}", Options());
        var read = 0;

        var error = Assert.Throws<BarFileException>(() => file.Rows("a-run").Select(_ => read++).Count(_ => true));

        Assert.Equal((5_000, 5_002L), (read, error.Line!.Value));
    }

    [Fact]
    public void A_path_that_is_no_file_is_a_named_error()
    {
        Refused("no such file", Path.Combine(_folder.FullName, "none.csv"));
        Refused("no such file", Path.Combine(_folder.FullName, "none", "none.csv"));
        Refused("folder", _folder.FullName);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_a_named_error()
    {
        var path = Path.Combine(_folder.FullName, "A.csv");
        using var locked = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        Refused("cannot be read", path);
    }

    [Fact]
    public void Flags_that_cannot_be_are_named()
    {
        const string text = "Date,Open,High,Low,Close\n2020-03-04,1,1,1,1\n";
        Refused("--symbol says one", "my bars.csv", text, Options());
        Refused("--symbol 'a b'", "A.csv", text, Options() with { Symbol = "a b" });
        Refused("--interval 5x", "A.csv", text, Options() with { Interval = "5x" });
    }

    private static void Refused(string problem, string path) =>
        Assert.Contains(problem, Assert.Throws<BarFileException>(() => BarFile.Open(path, Options())).Message, StringComparison.Ordinal);

    private void Refused(string problem, string name, string text, BarFileOptions options) =>
        Assert.Contains(problem, Assert.Throws<BarFileException>(() => Open(name, text, options)).Message, StringComparison.Ordinal);

    private static BarFileOptions Options() => new();

    private BarFile Open(string name, string text, BarFileOptions options)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return BarFile.Open(path, options);
    }
}
