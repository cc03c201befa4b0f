using System.Globalization;
using StockActors.Analytics;
using StockActors.Market;

namespace StockActors.Node.Reports;

/// <summary>Asks a lake what it has of a day. Each question names the day's partition, and is written so that every engine takes it.</summary>
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
        select run_id, source, sum(trade), sum(quote), sum(change) from (
          select run_id, source, 1 as trade, 0 as quote, 0 as change from trades where dt = '{_dt}'
          union all select run_id, source, 0, 1, 0 from quotes where dt = '{_dt}'
          union all select run_id, source, 0, 0, 1 from status where dt = '{_dt}') as ticks
        group by run_id, source order by count(*) desc, run_id, source
        """,
        row => new RunOfDay((string)row[0]!, (string)row[1]!, Whole(row[2]), Whole(row[3]), Whole(row[4])));

    /// <summary>Every symbol's day, the largest turnover first.</summary>
    public async Task<IReadOnlyList<SymbolDay>> SymbolsAsync(RunOfDay run)
    {
        var days = await AskAsync(Candles(TimeSpan.FromDays(1), Of(run)), row => new SymbolDay((string)row[0]!, CandleOf(row), []));
        return [.. days.OrderByDescending(day => day.Day.Turnover).ThenBy(day => day.Symbol, StringComparer.Ordinal)];
    }

    /// <summary>The same with the candles of the first of them.</summary>
    public async Task<IReadOnlyList<SymbolDay>> WithCandlesAsync(RunOfDay run, IReadOnlyList<SymbolDay> symbols, int shown, TimeSpan interval)
    {
        if (symbols.Count == 0 || shown == 0)
            return symbols;
        var among = string.Join(", ", symbols.Take(shown).Select(symbol => Queries.Literal(symbol.Symbol)));
        var candles = (await AskAsync(Candles(interval, $"{Of(run)} and symbol in ({among})"), row => (Symbol: (string)row[0]!, Candle: CandleOf(row))))
            .ToLookup(found => found.Symbol, found => found.Candle);
        return [.. symbols.Select(symbol => symbol with { Candles = [.. candles[symbol.Symbol]] })];
    }

    /// <summary>How long a candle of the day is: the shortest of a few lengths of which no more than a hundred are needed.</summary>
    public async Task<TimeSpan> IntervalAsync(RunOfDay run)
    {
        var ends = await AskAsync($"select min(ts_event), max(ts_event) from trades where {Of(run)}", row => row[0] is null ? 0 : Whole(row[1]) - Whole(row[0]));
        return Intervals.FirstOrDefault(interval => ends[0] < Nanos(interval) * MostCandles, Intervals[^1]);
    }

    /// <summary>The trades of all symbols, by interval.</summary>
    public async Task<IReadOnlyList<(long Start, long Volume, long Trades)>> VolumesAsync(RunOfDay run, TimeSpan interval) => await AskAsync(
        $"select {Start(interval)}, sum(size), count(*) from trades where {Of(run)} group by 1 order by 1",
        row => (Whole(row[0]), Whole(row[1]), Whole(row[2])));

    /// <summary>The halts, by symbol and time.</summary>
    public async Task<IReadOnlyList<Halt>> HaltsAsync(RunOfDay run)
    {
        var halts = new List<Halt>();
        var changes = await AskAsync(
            $"select symbol, ts_event, action, reason from status where {Of(run)} and action in ('halt', 'resume', 'open') order by symbol, ts_event, sequence",
            row => (Symbol: (string)row[0]!, At: Whole(row[1]), IsHalt: (string)row[2]! == "halt", Reason: row[3] as string));
        foreach (var change in changes)
        {
            var isOpen = halts.Count > 0 && halts[^1].Symbol == change.Symbol && halts[^1].To is null;
            if (change.IsHalt && !isOpen)
                halts.Add(new Halt(change.Symbol, change.At, null, change.Reason ?? ""));
            else if (!change.IsHalt && isOpen)
                halts[^1] = halts[^1] with { To = change.At };
        }

        return halts;
    }

    /// <summary>The symbols whose sequences have a gap between the day's first and last, or are not all different.</summary>
    public async Task<IReadOnlyList<SequenceFault>> FaultsAsync(RunOfDay run) => await AskAsync(
        $"""
        select symbol, min(sequence), max(sequence), max(sequence) - min(sequence) + 1 - count(distinct sequence), count(sequence) - count(distinct sequence) from (
          select symbol, sequence from trades where {Of(run)}
          union all select symbol, sequence from quotes where {Of(run)}
          union all select symbol, sequence from status where {Of(run)}) as ticks
        group by symbol
        having max(sequence) - min(sequence) + 1 <> count(distinct sequence) or count(sequence) <> count(distinct sequence)
        order by symbol
        """,
        row => new SequenceFault((string)row[0]!, Whole(row[1]), Whole(row[2]), Whole(row[3]), Whole(row[4])));

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

    private string Of(RunOfDay run) => $"dt = '{_dt}' and run_id = {Queries.Literal(run.RunId)} and source = {Queries.Literal(run.Source)}";

    private string Start(TimeSpan interval) => $"ts_event - (ts_event - {_midnight}) % {Nanos(interval)}";

    private string Candles(TimeSpan interval, string where) =>
        $"""
        select symbol, began, max(case when nth = 1 then price end), max(price), min(price), max(case when nth_last = 1 then price end), sum(size), count(*), sum(price * size)
        from (
          select symbol, price, size, {Start(interval)} as began,
            row_number() over (partition by symbol, {Start(interval)} order by ts_event, sequence) as nth,
            row_number() over (partition by symbol, {Start(interval)} order by ts_event desc, sequence desc) as nth_last
          from trades where {where}) as trade
        group by symbol, began order by symbol, began
        """;

    private static Candle CandleOf(object?[] row) => new(
        Whole(row[1]), (decimal)row[2]!, (decimal)row[3]!, (decimal)row[4]!, (decimal)row[5]!, Whole(row[6]), Whole(row[7]), (decimal)row[8]!);

    private static long Nanos(TimeSpan span) => span.Ticks * 100;

    // DuckDB's sums of BIGINT are wider than Athena's.
    private static long Whole(object? value) => value is System.Numerics.BigInteger wide ? (long)wide : Convert.ToInt64(value, CultureInfo.InvariantCulture);

    private async Task<List<T>> AskAsync<T>(string sql, Func<object?[], T> read)
    {
        var rows = new List<T>();
        await using var result = await engine.ExecuteAsync(sql, cancellation);
        await foreach (var page in result.ReadPagesAsync(cancellation))
            rows.AddRange(page.Select(read));
        return rows;
    }
}
