using System.Globalization;
using StockActors.Analytics;
using StockActors.Market;
using StockActors.Node.Reports;
using StockActors.Simulator.Scenarios;

namespace StockActors.Node.Tests;

public sealed class DayReaderTests : IAsyncDisposable
{
    private static readonly DateOnly Day = new(2026, 1, 5);
    private static readonly long Midnight = UnixNanos.From(Day);

    private readonly DayLake _lake = new();
    private readonly DuckDbEngine _engine;

    public DayReaderTests() => _engine = new DuckDbEngine(_lake);

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _lake.Dispose();
    }

    [Fact]
    public async Task Candles_and_volumes_are_what_the_trades_of_the_run_and_the_day_make()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var trades = new List<(string Symbol, long At, long Sequence, decimal Price, long Size)>();
        for (var i = 0; i < 400; i++)
        {
            // Few instants and many trades: the sequence has to decide which was first.
            var trade = ($"S{random.Next(3)}", Midnight + (14 * UnixNanos.PerHour) + (random.Next(120) * 60 * UnixNanos.PerSecond), (long)i, Price(random), random.NextInt64(1, 1_000_000));
            trades.Add(trade);
            Trade("r", trade);
            if (i % 5 == 0)
                Trade("another", trade);
        }

        foreach (var outside in new[] { Midnight - 1, Midnight + UnixNanos.PerDay })
            Trade("r", ("S0", outside, 1000, 1_000_000m, 1));
        var reader = Reader();
        var run = (await reader.RunsAsync())[0];
        Assert.Equal(("r", 400L, 0L, 0L), (run.RunId, run.Trades, run.Quotes, run.Status));
        var interval = await reader.IntervalAsync(run);
        Assert.Equal(TimeSpan.FromMinutes(2), interval);

        var symbols = await reader.WithCandlesAsync(run, await reader.SymbolsAsync(run), 2, interval);

        var told = $"seed {seed}";
        Assert.True(symbols.Select(s => s.Symbol).SequenceEqual(trades.GroupBy(t => t.Symbol).OrderByDescending(g => g.Sum(t => t.Price * t.Size)).Select(g => g.Key)), told);
        foreach (var (symbol, place) in symbols.Select((symbol, place) => (symbol, place)))
        {
            var own = trades.Where(t => t.Symbol == symbol.Symbol).OrderBy(t => t.At).ThenBy(t => t.Sequence).ToList();
            Assert.True(symbol.Day == Of(own, Midnight), told);
            Assert.True(symbol.Vwap == Math.Round(own.Sum(t => t.Price * t.Size) / own.Sum(t => t.Size), 9, MidpointRounding.AwayFromZero), told);
            var expected = own.GroupBy(t => t.At - ((t.At - Midnight) % (120 * UnixNanos.PerSecond))).Select(g => Of([.. g], g.Key));
            Assert.True(place < 2 ? symbol.Candles.SequenceEqual(expected) : symbol.Candles.Count == 0, told);
        }

        Assert.True(
            (await reader.VolumesAsync(run, interval)).SequenceEqual(
                trades.GroupBy(t => t.At - ((t.At - Midnight) % (120 * UnixNanos.PerSecond))).OrderBy(g => g.Key)
                    .Select(g => new VolumeOfInterval(g.Key, g.Sum(t => t.Size), g.Sum(t => t.Price * t.Size)))),
            told);

        void Trade(string runId, (string Symbol, long At, long Sequence, decimal Price, long Size) trade) => _lake.Add(
            "trades", trade.Symbol, trade.At, trade.Sequence, runId, "sim", ("price", trade.Price.ToString(CultureInfo.InvariantCulture)), ("size", $"{trade.Size}"));

        static Candle Of(IReadOnlyList<(string Symbol, long At, long Sequence, decimal Price, long Size)> of, long start) => new(
            start, of[0].Price, of.Max(t => t.Price), of.Min(t => t.Price), of[^1].Price, of.Sum(t => t.Size), of.Count);

        static decimal Price(Random random) => Math.Round((decimal)random.NextDouble() * 1000, 9) + 0.000000001m;
    }

    [Fact]
    public async Task Detection_is_scored_where_the_lake_has_the_truth_of_the_run_and_nowhere_else()
    {
        _lake.Add("status", "A", Midnight, 1, "r", "sim", ("action", "'open'"));
        var run = (await Reader().RunsAsync())[0];
        Assert.Null(await Reader().ScoresAsync(run));

        using var simulated = new SimulatedLake();
        var scenario = Scenario.Calm with { Anomalies = [new Anomaly { Kind = AnomalyKind.FatFinger, From = new TimeOnly(14, 50), Lots = 600 }] };
        simulated.Add(scenario, 1, 1, "r", new TradingDay(Day), new TradingDay(Day).Open + (30 * 60 * UnixNanos.PerSecond));
        await using var engine = new DuckDbEngine(simulated);
        var scores = await new DayReader(engine, Day, default).ScoresAsync(run with { RunId = "r" });
        Assert.Equal([new DetectionScore("fat-finger", 1, 1, 0, 1, 1), new DetectionScore("spoofing", 0, 0, 0, null, null)], scores);
        Assert.Null(await new DayReader(engine, Day, default).ScoresAsync(run with { RunId = "another" }));
    }

    [Fact]
    public async Task A_halt_ends_when_trading_goes_on_and_one_that_does_not_stays_open()
    {
        Status("A", 1, "open", null);
        Status("A", 2, "halt", "fault");
        Status("A", 4, "resume", "operator");
        Status("A", 5, "halt", "luld");
        Status("B", 6, "resume", null);
        Status("B", 7, "halt", null);
        var reader = Reader();

        var halts = await reader.HaltsAsync((await reader.RunsAsync())[0]);

        Assert.Equal([new Halt("A", At(2), At(4), "fault"), new Halt("A", At(5), null, "luld"), new Halt("B", At(7), null, "")], halts);

        void Status(string symbol, int second, string action, string? reason) => _lake.Add(
            "status", symbol, At(second), second, "r", "sim", ("action", $"'{action}'"), ("reason", reason is null ? "null" : $"'{reason}'"));
    }

    [Fact]
    public async Task Gaps_and_repeats_are_found_across_tables()
    {
        foreach (var (table, symbol, sequence) in new[]
        {
            ("trades", "WHOLE", 5), ("quotes", "WHOLE", 6), ("status", "WHOLE", 7),
            ("trades", "GAP", 1), ("quotes", "GAP", 2), ("status", "GAP", 6), ("trades", "TWICE", 1), ("quotes", "TWICE", 1), ("quotes", "TWICE", 2),
        })
            Add(table, symbol, sequence, "r");
        Add("trades", "GAP", 4, "another");
        var reader = Reader();

        var faults = await reader.FaultsAsync((await reader.RunsAsync()).Single(run => run.RunId == "r"));

        Assert.Equal([new SequenceFault("GAP", "gap", 3, 5, 3, At(6)), new SequenceFault("TWICE", "repeat", 1, 1, 0, At(1))], faults);

        void Add(string table, string symbol, int sequence, string run) => _lake.Add(table, symbol, At(sequence), sequence, run, "sim", table switch
        {
            "trades" => [("price", "1"), ("size", "1")],
            "status" => [("action", "'open'")],
            _ => [],
        });
    }

    [Fact]
    public async Task Foreign_producers_without_a_run_have_a_day_too()
    {
        _lake.Add("trades", "F", At(1), null, "", "external", ("price", "2.5"), ("size", "4"));
        var reader = Reader();
        var run = Assert.Single(await reader.RunsAsync());

        Assert.Equal(("", "external"), (run.RunId, run.Source));
        Assert.Equal(("F", new Candle(Midnight, 2.5m, 2.5m, 2.5m, 2.5m, 4, 1)), ((await reader.SymbolsAsync(run)).Select(day => (day.Symbol, day.Day)).Single()));
        Assert.Empty(await reader.FaultsAsync(run));
    }

    [Fact]
    public async Task Bars_of_the_day_are_found_in_their_year()
    {
        foreach (var date in new[] { Day.AddDays(-1), Day, Day.AddDays(1) })
            _lake.Add("bars", "HSI", UnixNanos.From(date), null, "", "external", ("open", "10.5"), ("high", "12"), ("low", $"9.{date.Day}"), ("close", "11"), ("volume", "7"));

        Assert.Equal([new BarsOfDay("HSI", "1d", "external", "", 1, 10.5m, 12, 9.5m, 11, 7)], await Reader().BarsAsync());
        Assert.Empty(await Reader().RunsAsync());
    }

    private static long At(int second) => Midnight + (second * UnixNanos.PerSecond);

    private DayReader Reader() => new(_engine, Day, CancellationToken.None);
}
