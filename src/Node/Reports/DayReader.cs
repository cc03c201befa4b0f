using System.Globalization;
using System.Numerics;
using StockActors.Analytics;
using StockActors.Market;

namespace StockActors.Node.Reports;

/// <summary>Asks a lake what it has of a day: by the library's queries, and else by SQL that every engine takes and that names the day's partition.</summary>
internal sealed class DayReader(IQueryEngine engine, DateOnly date, CancellationToken cancellation)
{
    private static readonly TimeSpan[] Intervals =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(15),
        TimeSpan.FromMinutes(30), TimeSpan.FromHours(1),
    ];

    private const int MostCandles = 100;

    private readonly long _midnight = UnixNanos.From(date);
    private readonly string _dt = date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The runs with ticks of the day, the one with most of them first.</summary>
    public async Task<IReadOnlyList<RunOfDay>> RunsAsync() => await AskAsync(
        $"""
        select run_id, min(source), sum(trade), sum(quote), sum(change) from (
          select run_id, source, 1 as trade, 0 as quote, 0 as change from trades where dt = '{_dt}'
          union all select run_id, source, 0, 1, 0 from quotes where dt = '{_dt}'
          union all select run_id, source, 0, 0, 1 from status where dt = '{_dt}') as ticks
        group by run_id order by count(*) desc, run_id
        """,
        row => new RunOfDay((string)row[0]!, (string)row[1]!, Whole(row[2]), Whole(row[3]), Whole(row[4])));

    /// <summary>The day of every symbol that was traded, those first of which most was bought and sold, by price × size.</summary>
    public async Task<IReadOnlyList<SymbolDay>> SymbolsAsync(RunOfDay run)
    {
        var days = await AskAsync("bars", run, new() { ["interval"] = "1d" }, row => new SymbolDay(
            (string)row.Get("symbol")!, CandleOf(row), (decimal?)row.Get("vwap"), []));
        return [.. days.OrderByDescending(day => day.Vwap * day.Day.Volume).ThenBy(day => day.Symbol, StringComparer.Ordinal)];
    }

    /// <summary>The same with the candles of the first of them.</summary>
    public async Task<IReadOnlyList<SymbolDay>> WithCandlesAsync(RunOfDay run, IReadOnlyList<SymbolDay> symbols, int shown, TimeSpan interval)
    {
        if (symbols.Count == 0 || shown == 0)
            return symbols;
        var candles = (await AskAsync(
            "bars", run, new() { ["interval"] = $"{interval.TotalMinutes}m", ["symbol"] = string.Join(',', symbols.Take(shown).Select(symbol => symbol.Symbol)) },
            row => (Symbol: (string)row.Get("symbol")!, Candle: CandleOf(row)))).ToLookup(found => found.Symbol, found => found.Candle);
        return [.. symbols.Select(symbol => symbol with { Candles = [.. candles[symbol.Symbol]] })];
    }

    /// <summary>How long a candle of the day is: the shortest of a few lengths of which no more than a hundred are needed.</summary>
    public async Task<TimeSpan> IntervalAsync(RunOfDay run)
    {
        var ends = await AskAsync($"select min(ts_event), max(ts_event) from trades where {Of(run)}", row => row[0] is null ? 0 : Whole(row[1]) - Whole(row[0]));
        return Intervals.FirstOrDefault(interval => ends[0] < UnixNanos.Of(interval) * MostCandles, Intervals[^1]);
    }

    /// <summary>The trades of all symbols, by interval.</summary>
    public async Task<IReadOnlyList<VolumeOfInterval>> VolumesAsync(RunOfDay run, TimeSpan interval) => await AskAsync(
        $"select ts_event - (ts_event - {_midnight}) % {UnixNanos.Of(interval)} as start, sum(size), sum(price * size) from trades where {Of(run)} group by 1 order by 1",
        row => new VolumeOfInterval(Whole(row[0]), Whole(row[1]), (decimal)row[2]!));

    /// <summary>The halts, by symbol and time.</summary>
    public async Task<IReadOnlyList<Halt>> HaltsAsync(RunOfDay run) => await AskAsync("halts", run, [], row => new Halt(
        (string)row.Get("symbol")!, Nanos(row.Get("halted")), row.Get("ended") is { } ended ? Nanos(ended) : null, row.Get("reason") as string ?? ""));

    /// <summary>Where sequences have gaps or repeats.</summary>
    public async Task<IReadOnlyList<SequenceFault>> FaultsAsync(RunOfDay run) => await AskAsync("sequence-gaps", run, [], row => new SequenceFault(
        (string)row.Get("symbol")!, (string)row.Get("kind")!, Whole(row.Get("first")), Whole(row.Get("last")), Whole(row.Get("missing")), Nanos(row.Get("ts_after"))));

    /// <summary>Stylized facts of the day; <c>null</c> where it is too short for them.</summary>
    public async Task<FactsOfDay?> FactsAsync(RunOfDay run) => FactsOfDay.Of(
        (await AskAsync("bars", run, new() { ["interval"] = "1m" }, row => (Symbol: (string)row.Get("symbol")!, Candle: CandleOf(row))))
            .GroupBy(found => found.Symbol, found => found.Candle).OrderBy(symbol => symbol.Key, StringComparer.Ordinal).Select(symbol => symbol.ToList()));

    /// <summary>How well the library finds what the run injected; <c>null</c> where the lake has no truth of it.</summary>
    public async Task<IReadOnlyList<DetectionScore>?> ScoresAsync(RunOfDay run)
    {
        // Most lakes have no such table, and a query that names it is an error there.
        var tables = await AskAsync("select count(*) from information_schema.tables where table_schema = current_schema and table_name = 'truth'", row => Whole(row[0]));
        if (tables[0] == 0)
            return null;
        var scores = await AskAsync("detection-scores", run, [], row => new DetectionScore(
            (string)row.Get("kind")!, Whole(row.Get("injected")), Whole(row.Get("found")), Whole(row.Get("false_alarms")), (decimal?)row.Get("precision"), (decimal?)row.Get("recall")));
        return scores.Count == 0 ? null : scores;
    }

    /// <summary>What came in as bars of the day.</summary>
    public async Task<IReadOnlyList<BarsOfDay>> BarsAsync() => await AskAsync(
        $"""
        select symbol, interval, source, run_id, count(*), min_by(open, ts_event), max(high), min(low), max_by(close, ts_event), sum(volume)
        from bars where dt in ('{_dt}', '{date.Year:D4}') and ts_event >= {_midnight} and ts_event < {_midnight + UnixNanos.PerDay}
        group by symbol, interval, source, run_id order by symbol, interval, source, run_id
        """,
        row => new BarsOfDay(
            (string)row[0]!, (string)row[1]!, (string)row[2]!, (string)row[3]!, Whole(row[4]), (decimal)row[5]!, (decimal)row[6]!, (decimal)row[7]!, (decimal)row[8]!,
            row[9] is { } volume ? Whole(volume) : null));

    private string Of(RunOfDay run) => $"dt = '{_dt}' and run_id = {QueryParameter.Quoted(run.RunId)}";

    private static Candle CandleOf(Row row) => new(
        Nanos(row.Get("start")), (decimal)row.Get("open")!, (decimal)row.Get("high")!, (decimal)row.Get("low")!, (decimal)row.Get("close")!,
        Whole(row.Get("volume")), Whole(row.Get("trades")));

    private static long Nanos(object? time) => UnixNanos.From(new DateTimeOffset((DateTime)time!));

    // DuckDB's sums of BIGINT are wider than Athena's.
    private static long Whole(object? value) => value is BigInteger wide ? (long)wide : Convert.ToInt64(value, CultureInfo.InvariantCulture);

    /// <summary>Asks a query of the library about the run's ticks of the day.</summary>
    private Task<List<T>> AskAsync<T>(string name, RunOfDay run, Dictionary<string, string> parameters, Func<Row, T> read)
    {
        var query = QueryLibrary.Shipped.Find(name);
        var next = date.AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return AskAsync(
            query.Bind(engine.Dialect, new Dictionary<string, string>(parameters) { ["run"] = run.RunId, ["from"] = _dt, ["to"] = next }),
            row => read(new Row(query, row)));
    }

    private async Task<List<T>> AskAsync<T>(string sql, Func<object?[], T> read)
    {
        var rows = new List<T>();
        await using var result = await engine.ExecuteAsync(sql, cancellation);
        await foreach (var page in result.ReadPagesAsync(cancellation))
            rows.AddRange(page.Select(read));
        return rows;
    }

    /// <summary>A row of a query of the library, by its columns' names.</summary>
    private readonly record struct Row(NamedQuery Query, object?[] Values)
    {
        public object? Get(string column) => Values[Query.Columns.Index().First(named => named.Item.Name == column).Index];
    }
}
