using StockActors.Market;

namespace StockActors.Analytics.Tests;

public sealed class NamedQueryTests
{
    private static readonly NamedQuery Bars = QueryLibrary.Shipped.Find("bars");

    [Fact]
    public void There_are_twenty_queries_and_more_and_each_says_what_it_is()
    {
        Assert.True(QueryLibrary.Shipped.Queries.Count >= 20);
        foreach (var query in QueryLibrary.Shipped.Queries)
        {
            Assert.EndsWith(".", query.Purpose, StringComparison.Ordinal);
            Assert.All(query.Parameters, parameter => Assert.EndsWith(".", parameter.Description, StringComparison.Ordinal));
            Assert.All(query.Columns, column => Assert.EndsWith(".", column.Description, StringComparison.Ordinal));
            Assert.Equal(["symbol", "run", "from", "to"], query.Parameters.TakeLast(4).Select(parameter => parameter.Name));
            Assert.Distinct(query.Parameters.Select(parameter => parameter.Name));
        }
    }

    [Theory]
    [InlineData("bar", "there is no query 'bar' (did you mean bars?). There are aggressor-imbalance, bars,")]
    [InlineData("spread", "(did you mean quoted-spread or effective-spread?)")]
    [InlineData("Bars", "did you mean bars?")]
    [InlineData("no-such-thing-at-all", "there is no query 'no-such-thing-at-all'. There are")]
    public void An_unknown_name_is_told_what_there_is(string name, string message) =>
        Assert.Contains(message, Assert.Throws<QueryException>(() => QueryLibrary.Shipped.Find(name)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("intervall", "1m", "query bars has no parameter 'intervall' (did you mean interval?). It takes interval, symbol, run, from, to.")]
    [InlineData("interval", "1", "query bars, parameter interval: '1' is no interval; it takes a length of time from 1ms to 366d such as 500ms, 30s, 1m, 4h or 1d (default 1m).")]
    [InlineData("interval", "0s", "'0s' is no interval")]
    [InlineData("interval", "-1s", "'-1s' is no interval")]
    [InlineData("interval", "367d", "'367d' is no interval")]
    [InlineData("interval", "99999999999999999999s", "is no interval")]
    [InlineData("symbol", "S001,", "query bars, parameter symbol: '' is no symbol; it takes one or more symbols")]
    [InlineData("symbol", "it's", "'it's' is no symbol")]
    [InlineData("from", "yesterday", "parameter from: 'yesterday' is no date or time; it takes a date or time of UTC")]
    [InlineData("from", "2026-02-30", "'2026-02-30' is no date or time")]
    [InlineData("from", "05/01/2026", "'05/01/2026' is no date or time")]
    [InlineData("to", "9999-01-01", "'9999-01-01' is no date or time")]
    public void A_parameter_that_is_wrong_is_named_with_what_it_takes(string name, string value, string message) =>
        Assert.Contains(message, Assert.Throws<QueryException>(() => Bind(Bars, (name, value))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("volume-profile", "step", "0")]
    [InlineData("volume-profile", "step", "-1")]
    [InlineData("volume-profile", "step", "a")]
    [InlineData("volume-profile", "step", "1); drop view trades; --")]
    [InlineData("vpin", "buckets", "0")]
    [InlineData("vpin", "buckets", "1000001")]
    [InlineData("vpin", "buckets", "1.5")]
    public void A_number_that_makes_no_sense_is_refused(string query, string name, string value) =>
        Assert.Contains($"query {query}, parameter {name}: '{value}' is no such", Assert.Throws<QueryException>(() => Bind(QueryLibrary.Shipped.Find(query), (name, value))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_parameter_without_a_default_must_be_given()
    {
        var query = NamedQuery.Parse("q", "-- What.\n-- param at instant: The time.\n-- column n BIGINT: A number.\nSELECT {at} AS n FROM {trades}");
        Assert.Equal(
            "query q needs the parameter at: The time. It takes a date or time of UTC such as 2026-01-05 or 2026-01-05T14:30:00Z, or * for no limit.",
            Assert.Throws<QueryException>(() => Bind(query)).Message);
        Assert.Equal("SELECT 1767623400000000001 AS n FROM trades", Bind(query, ("at", "2026-01-05T15:30:00.000000001+01:00")));
        Assert.Equal("SELECT NULL AS n FROM trades", Bind(query, ("at", "*")));
    }

    [Theory]
    [InlineData("it's'; drop view trades; --")]
    [InlineData("{trades} {wide} {interval}")]
    [InlineData("a / b\\n\\u0000")]
    public async Task A_text_is_a_value_whatever_it_is(string run)
    {
        var ticks = MarketTicks.Of(1, 20, new DateOnly(2026, 1, 5)).Where(tick => tick.Kind == TickKind.Trade).ToList();
        using var lake = new TickLake(ticks);
        await using var engine = new DuckDbEngine(lake);
        foreach (var query in QueryLibrary.Shipped.Queries)
            Assert.Empty(await engine.RowsAsync(Bind(query, ("run", run))));
    }

    [Fact]
    public void A_window_that_holds_no_time_is_an_error()
    {
        var error = Assert.Throws<QueryException>(() => Bind(Bars, ("from", "2026-01-05T15:00"), ("to", "2026-01-05 15:00:00")));
        Assert.Equal("from 2026-01-05T15:00:00.000000000Z is not before to 2026-01-05T15:00:00.000000000Z: no event lies between them.", error.Message);
    }

    [Theory]
    [InlineData("2026-01-05T15:00", "2026-01-05T16:00", 15, 15)]
    [InlineData("2026-01-05T15:00", "2026-01-05T16:00:00.000000001", 15, 16)]
    [InlineData("2026-01-05", "2026-01-06", 0, 23)]
    [InlineData("2026-01-05T22:00", "2026-01-06T01:00", 22, 24)]
    [InlineData("2026-01-05T12:00", "*", 12, 71)]
    [InlineData("*", "2026-01-07T01:00", 0, 48)]
    public async Task A_window_opens_no_partition_outside_it(string from, string to, int first, int last)
    {
        // The files of all other hours are damaged, so that who opens one fails; but for the first, of which DuckDB always wants to know its columns.
        var day = new DateOnly(2026, 1, 5);
        var ticks = Enumerable.Range(0, 72).Select(hour => new Tick
        {
            Kind = TickKind.Trade,
            Symbol = "AAA",
            RunId = "r",
            Sequence = hour + 1,
            Source = TickSource.Sim,
            TsEvent = UnixNanos.From(day) + (hour * UnixNanos.PerHour),
            Trade = new Trade(100 * Price.One, 1, Side.Bid, hour, AgentClass.Noise, AgentClass.Noise),
        }).ToList();
        using var lake = new TickLake(ticks);
        foreach (var file in (await lake.ReadAsync(default)).Single(table => table.Name == "trades").Files)
        {
            var hour = (DateOnly.Parse(file.PartitionValues[0], System.Globalization.CultureInfo.InvariantCulture).DayNumber - day.DayNumber) * 24 + int.Parse(file.PartitionValues[1], System.Globalization.CultureInfo.InvariantCulture);
            if (hour > 0 && (hour < first || hour > last))
                await File.WriteAllTextAsync(file.Path, "no Parquet");
        }

        await using var engine = new DuckDbEngine(lake);
        var rows = await engine.RowsAsync(Bind(Bars, ("from", from), ("to", to), ("interval", "1h")));
        Assert.Equal(last - first + 1, rows.Count);
    }

    [Fact]
    public async Task A_quote_of_the_very_moment_counts_for_a_markout_and_one_behind_it_does_not()
    {
        var at = UnixNanos.From(new DateOnly(2026, 1, 5)) + (15 * UnixNanos.PerHour);
        using var lake = new TickLake(
        [
            new Tick
            {
                Kind = TickKind.Trade, Symbol = "AAA", RunId = "r", Sequence = 1, Source = TickSource.Sim, TsEvent = at,
                Trade = new Trade(101 * Price.One, 5, Side.Bid, 1, AgentClass.Noise, AgentClass.Noise), Book = Book(100),
            },
            Quote(2, at + 999_999_999, Book(103)), Quote(3, at + 1_000_000_000, Book(102)), Quote(4, at + 1_000_000_001, Book(110)),
        ]);
        await using var engine = new DuckDbEngine(lake);
        Assert.Equal(["AAA", "r", "B", 2m, 200m, 5L, 1L], Assert.Single(await engine.RowsAsync(Bind(QueryLibrary.Shipped.Find("markout")))));

        static BestBidOffer Book(long mid) => new(new BookLevel((mid - 1) * Price.One, 10, 1), new BookLevel((mid + 1) * Price.One, 10, 1));

        static Tick Quote(long sequence, long at, BestBidOffer book) =>
            new() { Kind = TickKind.Quote, Symbol = "AAA", RunId = "r", Sequence = sequence, Source = TickSource.Sim, TsEvent = at, Book = book };
    }

    [Fact]
    public void A_year_of_bars_is_not_cut_off_by_a_window_within_it() =>
        Assert.Contains(
            "(SELECT * FROM bars WHERE ts_event >= 1767623400000000000 AND dt >= '2026' AND ts_event < 1767712200000000000 AND dt <= '2026-01-06')",
            Bind(QueryLibrary.Shipped.Find("sequence-gaps"), ("from", "2026-01-05T14:30"), ("to", "2026-01-06T15:10")), StringComparison.Ordinal);

    [Fact]
    public void What_the_dialects_do_not_share_is_all_that_differs()
    {
        var query = NamedQuery.Parse("q", "-- What.\n-- column n BIGINT: A number.\nSELECT CAST(a AS {wide}), {time b}, {ratio c + 1 / d}, {quotient e / f} FROM {trades}");
        Assert.Equal(
            "SELECT CAST(a AS DECIMAL(38,0)), CAST(from_unixtime_nanos((b) - ((b) % 1000000 + 1000000) % 1000000) AT TIME ZONE 'UTC' AS TIMESTAMP(3)), "
            + "CAST(CAST(c + 1 AS DECIMAL(38,9)) / NULLIF(CAST(d AS DECIMAL(38,9)), 0) AS DECIMAL(18,9)), "
            + "CAST((CAST(e AS DECIMAL(38,0)) - CAST(e AS DECIMAL(38,0)) % CAST(f AS DECIMAL(38,0))) / CAST(f AS DECIMAL(38,0)) AS BIGINT) FROM trades",
            query.Bind(SqlDialect.Athena, new Dictionary<string, string>()));
        Assert.StartsWith("SELECT CAST(a AS HUGEINT), epoch_ms((", Bind(query), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Division_rounds_half_away_from_zero_and_one_may_stand_in_another()
    {
        var query = NamedQuery.Parse("q", """
            -- What.
            -- column n BIGINT: A number.
            SELECT {ratio 1 / 3}, {ratio -2 / 3}, {ratio 1 / 2000000000}, {ratio 1 / -2000000000}, {ratio 1 / 0}, {quotient 7 / 2}, {quotient -7 / 2},
                {ratio {quotient 7 / 2} / {quotient 9 / 2}}
            """);
        using var lake = new TickLake([]);
        await using var engine = new DuckDbEngine(lake);
        Assert.Equal([0.333333333m, -0.666666667m, 0.000000001m, -0.000000001m, null, 3L, -3L, 0.75m], Assert.Single(await engine.RowsAsync(Bind(query))));
    }

    [Theory]
    [InlineData("-- param x integer: What.\nSELECT 1")]
    [InlineData("SELECT 1")]
    [InlineData("-- What.\n-- column n BIGINT: A number.\n")]
    [InlineData("-- What.\n-- column n: A number.\n-- column m BIGINT: A number.\n-- param x: What.\nSELECT 1")]
    public void A_file_without_its_header_is_refused(string file) => Assert.Throws<FormatException>(() => NamedQuery.Parse("q", file));

    private static string Bind(NamedQuery query, params (string Name, string Value)[] parameters) =>
        query.Bind(SqlDialect.DuckDb, parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value));
}
