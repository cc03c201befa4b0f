using System.Globalization;
using System.Text.RegularExpressions;

namespace StockActors.EndToEnd;

/// <summary>The executable with nothing installed: embedded broker, directory lake, DuckDB.</summary>
public sealed class EmbeddedTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Two_demos_over_one_lake_both_balance_and_the_lake_has_both()
    {
        var first = await _cli.RunAsync("demo", "--duration", "4s", "--json");
        var second = await _cli.RunAsync("demo", "--duration", "4s", "--json");

        Assert.True(first.Exit == 0, first.ToString());
        Assert.True(second.Exit == 0, second.ToString());
        var expected = Balanced(first) + Balanced(second);
        Assert.Equal(expected, await CountAllAsync());
        Assert.NotEqual(first.Json.GetProperty("run").GetString(), second.Json.GetProperty("run").GetString());
    }

    [Fact]
    public async Task A_demo_that_compacts_balances_and_a_later_pass_deletes_what_was_replaced()
    {
        var run = await _cli.RunAsync("demo", "--duration", "4s", "--compact", "--json");
        Assert.True(run.Exit == 0, run.ToString());
        var rows = Balanced(run);

        await AuditedAsync(rows);
        var compacted = await _cli.RunAsync("compact", "--quiet-for", "0s", "--grace", "100ms", "--json");

        Assert.True(compacted.Exit == 0, compacted.ToString());
        Assert.True(compacted.Json.GetProperty("deleted").GetInt32() > 0, compacted.ToString());
        Assert.All(Directory.GetFiles(Path.Combine(_cli.Directory, "lake"), "*.parquet", SearchOption.AllDirectories), file => Assert.Contains("compacted", file, StringComparison.Ordinal));
        Assert.Equal(rows, await CountAllAsync());
        Assert.Contains("nothing to compact", (await _cli.RunAsync("compact", "--dry-run", "--quiet-for", "0s")).Out, StringComparison.Ordinal);
        Assert.Matches(@"lane 3 +committed to [\d,]+", (await _cli.RunAsync("lane", "show")).Out);

        var second = await _cli.RunAsync("demo", "--duration", "4s", "--json");
        Assert.Equal(rows + Balanced(second), await CountAllAsync());
        await AuditedAsync(rows + Balanced(second));

        var spoilt = Directory.GetFiles(Path.Combine(_cli.Directory, "lake"), "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        await File.WriteAllTextAsync(spoilt, "torn");
        var audit = await _cli.RunAsync("audit");
        Assert.Equal(1, audit.Exit);
        Assert.Contains(Path.GetFileName(spoilt), audit.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_fast_as_it_goes_the_publisher_waits_for_ingest_and_the_forgetful_broker_loses_nothing()
    {
        // More than the broker keeps (about 20 MB in its four lanes), so that it must have forgotten some of it.
        var demo = _cli.Start("demo", "--speed", "max", "--symbols", "60", "--json");
        await demo.SeeAsync("400,000 published", line => Cli.Published(line) > 400_000);
        demo.Interrupt();
        var run = await demo.EndAsync();

        Assert.True(run.Exit == 0, run.ToString());
        Assert.Equal(Balanced(run), await CountAllAsync());
    }

    [Fact]
    public async Task Sequences_have_no_gap_and_no_duplicate_per_symbol_across_tables()
    {
        var run = await _cli.RunAsync("demo", "--duration", "3s", "--symbols", "7", "--wire", "json", "--lanes", "3");

        Assert.True(run.Exit == 0, run.ToString());
        var bad = await _cli.QueryAsync(
            """
            select symbol from (select symbol, sequence from trades union all select symbol, sequence from quotes union all select symbol, sequence from status)
            group by symbol having min(sequence) <> 1 or max(sequence) <> count(*) or count(distinct sequence) <> count(*)
            """);
        Assert.Empty(bad);
        Assert.Equal(7, (await _cli.QueryAsync("select distinct symbol from quotes")).Count);
    }

    [Fact]
    public async Task A_query_in_a_second_terminal_sees_what_is_committed_so_far()
    {
        var demo = _cli.Start("demo", "--flush-interval", "500ms");
        await demo.SeeAsync("First ticks");
        long seen = 0;
        for (var tries = 0; seen == 0 && tries < 50; tries++)
            seen = await CountAllAsync();
        Assert.True(seen > 0, "nothing was committed while the demo ran");

        await demo.SeeAsync("more in the lake than the query saw", line => Cli.InTheLake(line) > seen);
        demo.Interrupt();
        var run = await demo.EndAsync();

        Assert.True(run.Exit == 0, run.ToString());
        Assert.Contains("The balance holds", run.Out, StringComparison.Ordinal);
        Assert.True(await CountAllAsync() > seen);
    }

    [Fact]
    public async Task Another_client_reads_the_embedded_broker_at_the_address_it_prints()
    {
        var demo = _cli.Start("demo", "--symbols", "3");
        var address = Regex.Match(await demo.SeeAsync("Broker "), @"127\.0\.0\.1:\d+").Value;
        await demo.SeeAsync("First ticks");
        using var other = new Cli(address);

        var tail = await other.RunAsync("tail", "--count", "30", "--json");

        Assert.True(tail.Exit == 0, tail.ToString());
        Assert.Equal(30, tail.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("\"symbol\":\"S00", tail.Out, StringComparison.Ordinal);
        demo.Interrupt();
        Assert.Equal(0, (await demo.EndAsync()).Exit);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_ticks_and_another_seed_others()
    {
        async Task<string> DayAsync(string seed)
        {
            using var cli = new Cli();
            var run = await cli.RunAsync("demo", "--duration", "4s", "--symbols", "2", "--seed", seed);
            Assert.True(run.Exit == 0, run.ToString());
            var rows = await cli.QueryAsync("select symbol, sequence, ts_event, price, size, side from trades where ts_event < 1767623475000000000 order by 1, 2");
            Assert.NotEmpty(rows);
            return string.Join('\n', rows.Select(row => string.Join(',', row.Values)));
        }

        var one = await DayAsync("7");
        Assert.Equal(one, await DayAsync("7"));
        Assert.NotEqual(one, await DayAsync("8"));
    }

    [Fact]
    public async Task A_replayed_file_is_in_the_lake_figure_for_figure()
    {
        var run = await _cli.RunAsync("replay", Cli.Sample, "--json");

        Assert.True(run.Exit == 0, run.ToString());
        var rows = File.ReadLines(Cli.Sample).Skip(1).Select(line => line.Split(',')).ToList();
        Assert.Equal(rows.Count, Balanced(run));
        var answer = Assert.Single(await _cli.QueryAsync("select count(*) n, min(low) low, max(high) high, sum(close) total, sum(volume)::bigint volume from bars where interval = '1d'"));
        Assert.Equal(rows.Count, answer["n"].GetInt64());
        Assert.Equal(rows.Min(r => Rounded(r[4])), answer["low"].GetDecimal());
        Assert.Equal(rows.Max(r => Rounded(r[3])), answer["high"].GetDecimal());
        Assert.Equal(rows.Sum(r => Rounded(r[5])), answer["total"].GetDecimal());
        Assert.Equal(rows.Sum(r => (long)Rounded(r[7])), answer["volume"].GetInt64());
    }

    [Fact]
    public async Task Ticks_made_inside_bars_are_in_the_lake_and_aggregate_to_the_bars()
    {
        var file = Path.Combine(_cli.Directory, "bars.csv");
        await File.WriteAllTextAsync(file,
            """
            Date,Symbol,Open,High,Low,Close,Volume
            2020-01-02,AAA,10,12,9.5,11,100
            2020-01-03,AAA,11,11,7,8,
            2020-01-06,AAA,8,9,7,8.5,3
            2020-01-07,AAA,8,8,8,8,2
            """);

        var run = await _cli.RunAsync("replay", file, "--synthesise", "--json");

        Assert.True(run.Exit == 0, run.ToString());
        Assert.Matches(@"bars\.csv.*4.*Volume", run.Error);
        Assert.Equal(
            ["2020-01-02 10 12 9.5 11", "2020-01-03 11 11 7 8", "2020-01-07 8 8 8 8"],
            await BarsAsync("quotes", "(bid_px + ask_px) / 2", "''"));
        Assert.Equal(["2020-01-02 10 12 9.5 11 100", "2020-01-07 8 8 8 8 2"], await BarsAsync("trades", "price", "sum(size)"));
        Assert.Empty(await _cli.QueryAsync("select * from bars"));

        async Task<List<string>> BarsAsync(string table, string price, string volume)
        {
            var rows = await _cli.QueryAsync(
                $"select concat_ws(' ', dt, arg_min({price}, sequence)::double::varchar, max({price})::double::varchar, min({price})::double::varchar, arg_max({price}, sequence)::double::varchar, {volume}) bar "
                + $"from {table} where source = 'replay_synth' group by dt order by dt");
            return [.. rows.Select(row => row["bar"].GetString()!.Replace(".0 ", " ", StringComparison.Ordinal).Trim())];
        }
    }

    [Fact]
    public async Task Bad_rows_are_reported_with_file_line_column_and_reason_and_the_rest_go_on()
    {
        var file = Path.Combine(_cli.Directory, "bars.csv");
        await File.WriteAllTextAsync(file,
            """
            Date,Symbol,Open,High,Low,Close,Volume
            2020-01-02,AAA,10,12,9,11,100
            2020-01-03,AAA,10,8,9,11,100
            2020-01-04,AAA,ten,12,9,11,100
            2020-01-05,AAA,10,12,9,11,200
            """);

        var run = await _cli.RunAsync("replay", file, "--json");

        Assert.True(run.Exit == 0, run.ToString());
        Assert.Equal(2, Balanced(run));
        Assert.Matches(@"bars\.csv.*3.*High", run.Error);
        Assert.Matches(@"bars\.csv.*4.*Open", run.Error);
        Assert.Contains("2 bad rows", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await _cli.QueryAsync("select * from bars where symbol = 'AAA'")).Count);
    }

    [Fact]
    public async Task The_book_command_prints_what_comes_of_a_stream_and_how_fast()
    {
        var run = await _cli.RunAsync("book", "--stream", "hot", "--orders", "200000");

        Assert.True(run.Exit == 0, run.ToString());
        Assert.Matches(@"^Stream +hot: 200,000 operations\s+Trades +79,325\s+Levels +1 bid \+ 1 ask\s+Outcome +9c32b344d0fa3493\s+Speed +\d+\.\d\d M orders/s", run.Out);
    }

    [Fact]
    public async Task A_rate_of_rows_is_kept()
    {
        var file = Path.Combine(_cli.Directory, "bars.csv");
        await File.WriteAllLinesAsync(file, File.ReadLines(Cli.Sample).Take(6));
        var replay = _cli.Start("replay", file, "--rate", "2/s");
        await replay.SeeAsync("First ticks");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await replay.SeeAsync("Draining");

        // Four more rows at two a second.
        Assert.InRange(clock.Elapsed.TotalSeconds, 1.0, 30);
        Assert.Equal(0, (await replay.EndAsync()).Exit);
    }

    [Theory]
    [InlineData(2, "--symbols", "demo", "--symbols", "0")]
    [InlineData(2, "--speed", "demo", "--speed", "fast")]
    [InlineData(2, "--duration", "demo", "--duration", "soon")]
    [InlineData(2, "--wire", "demo", "--wire", "xml")]
    [InlineData(2, "--start", "demo", "--start", "01/02/2026")]
    [InlineData(2, "--lanes", "demo", "--lanes", "0")]
    [InlineData(2, "--frob", "demo", "--frob")]
    [InlineData(2, "--kafka", "demo", "--kafka", "nonsense")]
    [InlineData(1, "no.such.property", "demo", "--kafka", "no.such.property=1")]
    [InlineData(2, "--flush-interval", "demo", "--flush-interval", "0s")]
    [InlineData(1, "nowhere.csv", "replay", "nowhere.csv")]
    [InlineData(2, "--rate", "replay", "x.csv", "--rate", "quick")]
    [InlineData(1, "nowhere.orders", "book", "nowhere.orders")]
    [InlineData(2, "--stream", "book")]
    [InlineData(2, "--stream", "book", "x.orders", "--stream", "deep")]
    [InlineData(2, "--orders", "book", "--stream", "deep", "--orders", "0")]
    [InlineData(1, "KAFKA_BOOTSTRAP_SERVERS", "ingest", "--until-caught-up")]
    [InlineData(1, "KAFKA_BOOTSTRAP_SERVERS", "tail")]
    [InlineData(1, "nolake", "query", "select 1", "--lake", "nolake")]
    [InlineData(2, "--name", "query", "select 1", "--name", "bars")]
    [InlineData(2, "--param", "query", "select 1", "--param", "interval=1m")]
    [InlineData(2, "NAME=VALUE", "query", "--name", "bars", "--param", "interval")]
    [InlineData(1, "did you mean bars?", "query", "--name", "bar")]
    [InlineData(1, "nolake", "compact", "--lake", "nolake")]
    [InlineData(1, "nolake", "lane", "show", "--lake", "nolake")]
    [InlineData(2, "--lane", "lane", "accept", "--lane", "-1")]
    [InlineData(2, "lane show --help", "lane", "show", "--frob")]
    [InlineData(2, "--rows", "compact", "--rows", "1")]
    [InlineData(1, "KAFKA_BOOTSTRAP_SERVERS", "dead", "list")]
    [InlineData(1, "KAFKA_BOOTSTRAP_SERVERS", "dead", "replay")]
    [InlineData(1, "nolake", "catalogue", "rebuild", "--lake", "nolake")]
    [InlineData(1, "gs://bucket/lake", "demo", "--lake", "gs://bucket/lake")]
    [InlineData(2, "--database", "demo", "--database", "Ticks")]
    [InlineData(2, "stockactors catalogue --help", "catalogue", "rebild")]
    public async Task What_is_asked_wrongly_is_named(int exit, string named, params string[] args)
    {
        var run = await _cli.RunAsync(args);

        Assert.True(run.Exit == exit, run.ToString());
        Assert.Contains(named, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Out + run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("fault of this program", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_the_needed_columns_is_told_all_that_are_missing()
    {
        var file = Path.Combine(_cli.Directory, "few.csv");
        await File.WriteAllTextAsync(file, "Date,Open,Volume\n2020-01-02,1,2\n");

        var run = await _cli.RunAsync("replay", file);

        Assert.Equal(1, run.Exit);
        foreach (var column in new[] { "High", "Low", "Close" })
            Assert.Contains(column, run.Error, StringComparison.Ordinal);
        Assert.False(System.IO.Directory.Exists(Path.Combine(_cli.Directory, "lake", "_log")), "nothing may be begun for a file that can't be read");
    }

    [Fact]
    public async Task A_lake_that_cannot_be_written_is_named()
    {
        var blocked = Path.Combine(_cli.Directory, "blocked");
        await File.WriteAllTextAsync(blocked, "a file where the lake should be");

        var run = await _cli.RunAsync("demo", "--lake", blocked, "--duration", "1s");

        Assert.Equal(1, run.Exit);
        Assert.Contains(blocked, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_an_error_that_names_its_address_after_ten_seconds()
    {
        using var cli = new Cli("127.0.0.1:9");

        var run = await cli.RunAsync("demo", "--duration", "1s");

        Assert.Equal(1, run.Exit);
        Assert.Contains("127.0.0.1:9", run.Error, StringComparison.Ordinal);
        Assert.Contains("KAFKA_BOOTSTRAP_SERVERS", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_users_SQL_error_comes_back_as_the_engines_message()
    {
        Assert.Equal(0, (await _cli.RunAsync("replay", Cli.Sample)).Exit);

        var run = await _cli.RunAsync("query", "select nonsense from bars");

        Assert.Equal(1, run.Exit);
        Assert.Contains("nonsense", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_that_has_a_name_is_listed_asked_and_told_what_is_wrong_with_a_parameter()
    {
        Assert.Equal(0, (await _cli.RunAsync("replay", Cli.Sample)).Exit);

        var list = await _cli.RunAsync("query", "--list", "--format", "json");
        var one = await _cli.RunAsync("query", "--list", "--name", "lake-delay");
        var answer = await _cli.RunAsync("query", "--name", "lake-delay", "--param", "symbol=HSI", "--param", "at=1987-01-01", "--format", "json");
        var wrong = await _cli.RunAsync("query", "--name", "bars", "--param", "interval=soon");

        Assert.Contains(list.Json.EnumerateArray(), query => query.GetProperty("name").GetString() == "bars" && query.GetProperty("parameters")[0].GetProperty("default").GetString() == "1m");
        Assert.Matches("Parameters:\n  at=\\* .*(\n.*)*Columns:\n  symbol VARCHAR", one.Out);
        var bars = File.ReadLines(Cli.Sample).Skip(1).Count();
        Assert.Equal(bars, Assert.Single(answer.Json.EnumerateArray()).GetProperty("ticks").GetInt32());
        Assert.Equal(1, wrong.Exit);
        Assert.Contains("query bars, parameter interval: 'soon' is no interval; it takes a length of time from 1ms", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_format_says_the_same()
    {
        Assert.Equal(0, (await _cli.RunAsync("replay", Cli.Sample)).Exit);
        const string sql = "select symbol, close, volume from bars order by ts_event limit 2";

        var table = await _cli.RunAsync("query", sql);
        var csv = await _cli.RunAsync("query", sql, "--format", "csv");
        var json = await _cli.QueryAsync(sql);

        var lines = csv.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.TrimEnd('\r').Split(',')).ToList();
        Assert.Equal(["symbol", "close", "volume"], lines[0]);
        for (var row = 0; row < 2; row++)
        {
            Assert.Equal(json[row]["symbol"].GetString(), lines[row + 1][0]);
            Assert.Equal(json[row]["close"].GetDecimal(), decimal.Parse(lines[row + 1][1], CultureInfo.InvariantCulture));
            Assert.Contains(lines[row + 1][1], table.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_doctor_finds_this_machine_healthy_and_says_what_is_not()
    {
        var well = await _cli.RunAsync("doctor");
        using var lost = new Cli("127.0.0.1:9");
        var ill = await lost.RunAsync("doctor");

        Assert.True(well.Exit == 0, well.ToString());
        Assert.DoesNotContain("FAIL", well.Out, StringComparison.Ordinal);
        Assert.Equal(1, ill.Exit);
        Assert.Matches("FAIL +broker.*127.0.0.1:9", ill.Out);
    }

    [Fact]
    public async Task A_directorys_lost_catalogue_is_made_again_from_its_chains()
    {
        Assert.Equal(0, (await _cli.RunAsync("replay", Cli.Sample)).Exit);
        var before = await CountAllAsync();
        System.IO.Directory.Delete(Path.Combine(_cli.Directory, "lake", "_catalog"), recursive: true);
        Assert.Equal(0, await CountAllAsync());

        var rebuilt = await _cli.RunAsync("catalogue", "rebuild", "--json");
        var again = await _cli.RunAsync("catalogue", "rebuild");

        Assert.True(rebuilt.Exit == 0, rebuilt.ToString());
        Assert.Equal(rebuilt.Json.GetProperty("partitions").GetInt32(), rebuilt.Json.GetProperty("made").GetInt32());
        Assert.True(again.Exit == 0, again.ToString());
        Assert.Contains(" 0 were missing", again.Out, StringComparison.Ordinal);
        Assert.Equal(before, await CountAllAsync());
    }

    [Fact]
    public async Task An_unknown_key_of_the_configuration_is_named_with_its_file()
    {
        await File.WriteAllTextAsync(Path.Combine(_cli.Directory, "appsettings.json"), """{ "Market": { "Simbols": 3 } }""");

        var run = await _cli.RunAsync("demo", "--duration", "1s");

        Assert.Equal(2, run.Exit);
        Assert.Contains("Market:Simbols", run.Error, StringComparison.Ordinal);
        Assert.Contains("appsettings.json", run.Error, StringComparison.Ordinal);
    }

    private static long Balanced(Cli.Run run)
    {
        var balance = run.Json.GetProperty("balance");
        Assert.True(balance.GetProperty("balanced").GetBoolean(), run.ToString());
        return balance.GetProperty("sql").GetProperty("all").GetInt64();
    }

    private async Task AuditedAsync(long rows)
    {
        var audit = await _cli.RunAsync("audit", "--engine", "duckdb", "--json");
        Assert.True(audit.Exit == 0, audit.ToString());
        Assert.Equal(rows, audit.Json.GetProperty("rows").GetProperty("all").GetInt64());
        Assert.True(audit.Json.GetProperty("clean").GetBoolean());
    }

    private async Task<long> CountAllAsync() => Assert.Single(await _cli.QueryAsync(
        "select (select count(*) from trades) + (select count(*) from quotes) + (select count(*) from status) + (select count(*) from bars) n"))["n"].GetInt64();

    private static decimal Rounded(string figure) => Math.Round(decimal.Parse(figure, NumberStyles.Float, CultureInfo.InvariantCulture), 9, MidpointRounding.ToEven);
}
