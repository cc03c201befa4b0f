using StockActors.Market;

namespace StockActors.Simulator.Replay;

/// <summary>
/// A CSV file of bars. Columns are found by name, separators (comma, semicolon, tab) by content; prices are read digit by digit. A row that
/// is no bar is reported with its line and the rest go on.
/// </summary>
public sealed class BarFile
{
    private const int LookAhead = 1_000;

    private static readonly string NoSymbol =
        $"is no symbol: 1 to {Symbol.MaxLength} printable ASCII characters without spaces, quotes or slashes.";

    private readonly BarColumns _columns;
    private readonly BarFileOptions _options;
    private readonly BarDate _dates;
    private readonly string? _symbol;

    private BarFile(string path, BarFileOptions options, BarColumns columns, CsvRows rows)
    {
        (Path, _options, _columns) = (path, options, columns);
        _dates = new BarDate(options.DateFormat, columns.HasEpochs);
        _symbol = columns.Symbol >= 0 ? null : SymbolOfFile(path, options.Symbol);
        Interval = FindInterval(rows);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The header's columns, as they stand.</summary>
    public IReadOnlyList<string> Columns => _columns.Names;

    /// <summary>
    /// The bars' length, such as <c>1d</c>: as the options say; else <c>1d</c> where dates have no time, and the least distance between
    /// neighbours of one symbol where they have.
    /// </summary>
    public string Interval { get; }

    /// <summary>Reads the header and looks at the first rows.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What the file does not say.</param>
    /// <exception cref="BarFileException">
    /// The file is not there, cannot be read, is empty, lacks columns, has broken quotes, or leaves open how its dates are to be read, how long its
    /// bars are or what its symbol is; the message names the flag that says so.
    /// </exception>
    public static BarFile Open(string path, BarFileOptions options)
    {
        if (options.Interval is { } interval && !BarInterval.IsValid(interval))
            throw new BarFileException(path, line: null, $"--interval {interval} is none: a number and s, m, h, d, w or mo, such as 5m.");
        using var rows = new CsvRows(path);
        if (!rows.Read())
            throw new BarFileException(path, line: null, "the file is empty; it needs a header and rows.");
        var names = new string[rows.FieldCount];
        for (var i = 0; i < names.Length; i++)
            names[i] = rows[i].ToString();
        return new BarFile(path, options, BarColumns.From(path, rows.Line, names), rows);
    }

    /// <summary>Reads the file from its first row on, a row at a time.</summary>
    /// <param name="runId">The run that its ticks are of.</param>
    /// <exception cref="BarFileException">The rest of the file cannot be cut into rows.</exception>
    public IEnumerable<BarRow> Rows(string runId)
    {
        using var rows = new CsvRows(Path);
        rows.Read();
        var sequences = new Dictionary<string, long>();
        while (rows.Read())
        {
            var tick = default(Tick);
            if (Read(rows, runId, ref tick) is { } bad)
            {
                yield return new BarRow(default, bad);
                continue;
            }

            tick.Sequence = sequences[tick.Symbol] = sequences.GetValueOrDefault(tick.Symbol) + 1;
            yield return new BarRow(tick, Bad: null);
        }
    }

    private static string SymbolOfFile(string path, string? given)
    {
        if (given is not null && !Symbol.IsValid(given))
            throw new BarFileException(path, line: null, $"--symbol '{given}' {NoSymbol}");
        var symbol = given ?? System.IO.Path.GetFileNameWithoutExtension(path);
        return Symbol.IsValid(symbol)
            ? symbol
            : throw new BarFileException(path, line: null, "the file has no column Symbol, Ticker or Index, and its name is no symbol; --symbol says one.");
    }

    private string FindInterval(CsvRows rows)
    {
        var stamps = new Dictionary<string, long>();
        var least = long.MaxValue;
        var read = 0;
        var dated = 0;
        var timed = false;
        (long Line, string Text)? unreadable = null;
        for (; read < LookAhead && rows.Read(); read++)
        {
            if (rows.FieldCount != Columns.Count)
                continue;
            var text = rows[_columns.Date];
            if (!_dates.TryParse(text, out var nanos, out var hasTime))
            {
                unreadable ??= (rows.Line, text.ToString());
                continue;
            }

            dated++;
            timed |= hasTime;
            var symbol = _symbol ?? rows[_columns.Symbol].ToString();
            if (stamps.TryGetValue(symbol, out var before) && before != nanos)
                least = Math.Min(least, Math.Abs(nanos - before));
            stamps[symbol] = nanos;
        }

        if (read == 0)
            throw new BarFileException(Path, line: null, "the file has a header and no rows.");
        if (dated == 0 && unreadable is { } first)
        {
            throw new BarFileException(
                Path, first.Line, $"{Columns[_columns.Date]} '{first.Text}' and every other in the first {read} rows is not in {_dates.Expected}.");
        }

        if (_options.Interval is { } given)
            return given;
        return (timed ? BarInterval.Of(least == long.MaxValue ? 0 : least) : "1d")
            ?? throw new BarFileException(Path, line: null, "how long its bars are cannot be told from its dates; --interval says it, such as 5m.");
    }

    private BadRow? Read(CsvRows rows, string runId, ref Tick tick)
    {
        if (rows.FieldCount != Columns.Count)
            return new BadRow(Path, rows.Line, "", $"it has {rows.FieldCount} fields where the header has {Columns.Count}.");

        // The first thing wrong is the row's reason.
        BadRow? bad = null;
        var symbol = _symbol ?? SymbolOf(rows, ref bad);
        var time = Date(rows, ref bad);
        var open = Price(rows, _columns.Open, ref bad);
        var high = Price(rows, _columns.High, ref bad);
        var low = Price(rows, _columns.Low, ref bad);
        var close = Price(rows, _columns.Close, ref bad);
        var adjClose = OptionalPrice(rows, _columns.AdjClose, ref bad);
        var volume = Volume(rows, ref bad);
        var closeUsd = OptionalPrice(rows, _columns.CloseUsd, ref bad);
        if (high < low)
            Blame(rows, _columns.High, $"the high, {Text(rows, _columns.High)}, is below the low, {Text(rows, _columns.Low)}.", ref bad);
        Enclose(rows, _columns.Open, open, low, high, ref bad);
        Enclose(rows, _columns.Close, close, low, high, ref bad);

        tick = new Tick
        {
            Kind = TickKind.Bar,
            Source = TickSource.Replay,
            Symbol = symbol,
            TsEvent = time,
            RunId = runId,
            Bar = new Bar(open, high, low, close, adjClose, volume, closeUsd, Interval),
        };
        if (_options.Synthesise && bad is null && volume > 0 && volume < BarSynthesis.LeastTrades(tick.Bar))
            Blame(rows, _columns.Volume, $"{volume} is less than the {BarSynthesis.LeastTrades(tick.Bar)} trades that --synthesise needs for the bar's prices.", ref bad);
        return bad;
    }

    private string SymbolOf(CsvRows rows, ref BadRow? bad)
    {
        var symbol = Text(rows, _columns.Symbol);
        if (symbol.Length == 0)
            Blame(rows, _columns.Symbol, "it is missing.", ref bad);
        else if (!Symbol.IsValid(symbol))
            Blame(rows, _columns.Symbol, $"'{symbol}' {NoSymbol}", ref bad);
        return symbol;
    }

    private long Date(CsvRows rows, ref BadRow? bad)
    {
        var text = rows[_columns.Date];
        if (!_dates.TryParse(text, out var nanos, out _))
        {
            var reason = IsMissing(text) ? "it is missing." : $"'{text}' is not in {_dates.Expected}; or it is no day from 1678 to 2261.";
            Blame(rows, _columns.Date, reason, ref bad);
        }

        return nanos;
    }

    private long Price(CsvRows rows, int column, ref BadRow? bad)
    {
        var price = OptionalPrice(rows, column, ref bad);
        if (price is null && bad is null)
            Blame(rows, column, "it is missing.", ref bad);
        return price ?? 0;
    }

    private long? OptionalPrice(CsvRows rows, int column, ref BadRow? bad)
    {
        if (column < 0 || IsMissing(rows[column]))
            return null;
        if (Market.Price.TryParse(rows[column], out var price))
            return price;
        Blame(rows, column, $"'{Text(rows, column)}' is no decimal number below 1,000,000,000.", ref bad);
        return null;
    }

    private long? Volume(CsvRows rows, ref BadRow? bad)
    {
        var column = _columns.Volume;
        if (column < 0 || IsMissing(rows[column]))
            return null;
        if (!Market.Price.TryParseSize(rows[column], out var volume))
            Blame(rows, column, $"'{Text(rows, column)}' is no number.", ref bad);
        else if (volume < 0)
            Blame(rows, column, $"{Text(rows, column)} is negative.", ref bad);
        return volume;
    }

    private void Enclose(CsvRows rows, int column, long price, long low, long high, ref BadRow? bad)
    {
        if (price < low || price > high)
        {
            var (lowest, highest) = (Text(rows, _columns.Low), Text(rows, _columns.High));
            Blame(rows, column, $"{Text(rows, column)} is not between the low, {lowest}, and the high, {highest}.", ref bad);
        }
    }

    private void Blame(CsvRows rows, int column, string reason, ref BadRow? bad) =>
        bad ??= new BadRow(Path, rows.Line, Columns[column], reason);

    private static string Text(CsvRows rows, int column) => rows[column].ToString();

    private static bool IsMissing(ReadOnlySpan<char> text) =>
        text.IsEmpty || text.Equals("null", StringComparison.OrdinalIgnoreCase) || text.Equals("nan", StringComparison.OrdinalIgnoreCase);
}
