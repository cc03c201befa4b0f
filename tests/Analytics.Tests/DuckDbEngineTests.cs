using System.Globalization;
using System.Numerics;
using DuckDB.NET.Data;

namespace StockActors.Analytics.Tests;

public sealed class DuckDbEngineTests : IAsyncDisposable
{
    private const string Endless = "SELECT count(*) FROM range(100000000) AS a(x), range(100000000) AS b(y) WHERE (x * y) % 7 = 3";
    private const string EndlessWithoutAPage = "SELECT x FROM range(100000000) AS a(x), range(100000000) AS b(y) WHERE x + y < 0";

    private const string EndlessBehindAMillionRows = $"SELECT x FROM range(1000000) AS f(x) UNION ALL {EndlessWithoutAPage}";

    private readonly TempLake _lake = new();
    private readonly DuckDbEngine _engine;

    public DuckDbEngineTests() => _engine = new DuckDbEngine(_lake);

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _lake.Dispose();
    }

    [Fact]
    public async Task An_empty_lake_has_its_tables_with_their_types()
    {
        foreach (var table in await _lake.ReadAsync(default))
        {
            Assert.Equal(0L, await _engine.ValueAsync($"SELECT count(*) FROM {table.Name}"));
            var described = await _engine.RowsAsync($"DESCRIBE {table.Name}");
            Assert.Equal(
                [.. table.Columns.Select(column => (column.Name, column.Type)), .. table.PartitionKeys.Select(key => (key, "VARCHAR"))],
                described.Select(row => ((string)row[0]!, (string)row[1]!)));
        }
    }

    [Fact]
    public async Task A_table_with_files_has_the_types_that_the_empty_one_had()
    {
        var empty = await _engine.RowsAsync("DESCRIBE trades");
        _lake.Add("trades", "2026-01-05", "03", 0, 10);
        Assert.Equal(empty, await _engine.RowsAsync("DESCRIBE trades"));
    }

    [Fact]
    public async Task Rows_carry_the_partition_of_their_file_as_text()
    {
        _lake.Add("trades", "2026-01-05", "03", 1, 1);
        _lake.Add("trades", "2026-01-06", "14", 2, 2);
        Assert.Equal(
            [[1L, "2026-01-05", "03", 1.5m], [2L, "2026-01-06", "14", 1.5m], [3L, "2026-01-06", "14", 1.5m]],
            await _engine.RowsAsync("SELECT sequence, dt, hour, price FROM trades ORDER BY sequence"));
    }

    [Fact]
    public async Task Only_committed_files_count_from_the_next_query_on()
    {
        _lake.Add("trades", "2026-01-05", "03", 0, 10);
        var uncommitted = _lake.Write("trades", "2026-01-05", "03", 10, 5);
        Assert.Equal(10L, await _engine.ValueAsync("SELECT count(*) FROM trades"));
        _lake.Commit(("trades", uncommitted));
        Assert.Equal(15L, await _engine.ValueAsync("SELECT count(*) FROM trades"));
    }

    [Fact]
    public async Task A_file_without_rows_is_not_opened()
    {
        _lake.Commit(("trades", new LakeFile($"{_lake.Root}/trades/dt=x/hour=y/nowhere.parquet", ["x", "y"], 0)));
        Assert.Equal(0L, await _engine.ValueAsync("SELECT count(*) FROM trades"));
    }

    [Fact]
    public async Task A_filter_on_the_partition_leaves_the_other_files_unopened()
    {
        _lake.Add("trades", "2026-01-05", "03", 0, 10);
        var broken = $"{_lake.Root}/trades/dt=2026-01-05/hour=04/broken.parquet";
        Directory.CreateDirectory(Path.GetDirectoryName(broken)!);
        await File.WriteAllTextAsync(broken, "no Parquet at all");
        _lake.Commit(("trades", new LakeFile(broken, ["2026-01-05", "04"])));

        Assert.Equal(10L, await _engine.ValueAsync("SELECT count(*) FROM trades WHERE dt = '2026-01-05' AND hour = '03'"));
        Assert.Equal(10L, await _engine.ValueAsync("SELECT count(*) FROM trades WHERE hour BETWEEN '00' AND '03'"));
        Assert.Equal(10L, await _engine.ValueAsync("SELECT count(*) FROM trades WHERE hour IN ('03', '23')"));
        var error = await Assert.ThrowsAsync<QueryException>(() => _engine.ValueAsync("SELECT sum(size) FROM trades"));
        Assert.Contains("broken.parquet", error.Message);
    }

    [Fact]
    public async Task Three_thousand_files_are_counted_and_filtered()
    {
        var files = new List<(string, LakeFile)>();
        for (var day = 1; day <= 5; day++)
        {
            for (var hour = 0; hour < 24; hour++)
            {
                var first = _lake.Write("trades", $"2026-01-{day:D2}", $"{hour:D2}", 0, 10);
                files.Add(("trades", first));
                for (var copy = 1; copy < 25; copy++)
                {
                    var path = first.Path.Replace(".parquet", $"-{copy}.parquet");
                    File.Copy(first.Path, path);
                    files.Add(("trades", first with { Path = path }));
                }
            }
        }

        _lake.Commit([.. files]);
        Assert.Equal(30_000L, await _engine.ValueAsync("SELECT count(*) FROM trades"));
        Assert.Equal(250L, await _engine.ValueAsync("SELECT count(*) FROM trades WHERE dt = '2026-01-03' AND hour = '14'"));
    }

    [Theory]
    [InlineData("it's \"quoted\"")]
    [InlineData("a[1] *?{b,c}")]
    [InlineData("über; -- 100%25 é\\n")]
    [InlineData("env=prod/lake")]
    public async Task Any_path_means_itself(string root)
    {
        using var lake = new TempLake(root);
        await using var engine = new DuckDbEngine(lake);
        lake.Add("trades", "2026-01-05", "03", 0, 3);

        Assert.Equal([[3L, "2026-01-05", "03"]], await engine.RowsAsync("SELECT count(*), min(dt), max(hour) FROM trades"));
    }

    [Fact]
    public async Task A_missing_file_is_an_error_whatever_its_path_would_match()
    {
        using var lake = new TempLake("a[1]?*");
        await using var engine = new DuckDbEngine(lake);
        lake.Add("trades", "2026-01-05", "03", 0, 3);
        var missing = (await lake.ReadAsync(default))[0].Files[0].Path;
        foreach (var matched in new[] { "a1xyz", "a[1]?xyz", "a[1]x*" })
        {
            var decoy = missing.Replace("a[1]?*", matched);
            Directory.CreateDirectory(Path.GetDirectoryName(decoy)!);
            File.Copy(missing, decoy);
        }

        File.Delete(missing);
        Assert.Contains("a[", (await Assert.ThrowsAsync<QueryException>(() => engine.ValueAsync("SELECT count(*) FROM trades"))).Message);
    }

    [Theory]
    [InlineData("dt=2020-01-01/lake", "dt is 2026-01-05")]
    [InlineData("SYMBOL=x/lake", "column symbol")]
    public async Task A_folder_that_would_pass_for_a_column_is_refused(string root, string reason)
    {
        using var lake = new TempLake(root);
        await using var engine = new DuckDbEngine(lake);
        lake.Add("trades", "2026-01-05", "03", 0, 3);
        var error = await Assert.ThrowsAsync<LakeLayoutException>(() => engine.ExecuteAsync("SELECT 1"));
        Assert.Contains(reason, error.Message);
    }

    [Fact]
    public async Task A_file_outside_its_partitions_folder_is_refused()
    {
        var file = _lake.Write("trades", "2026-01-05", "03", 0, 3);
        _lake.Commit(("trades", file with { PartitionValues = ["2026-01-05", "04"] }));
        await Assert.ThrowsAsync<LakeLayoutException>(() => _engine.ExecuteAsync("SELECT 1"));
    }

    [Fact]
    public async Task An_open_result_and_every_query_see_one_committed_state()
    {
        _lake.Commit(("trades", _lake.Write("trades", "2026-01-05", "00", 0, 100_000)), ("quotes", _lake.Write("quotes", "2026-01-05", "00", 0, 100_000)));
        await using var open = await _engine.ExecuteAsync("SELECT sequence FROM trades");
        var first = await open.ReadPageAsync();
        var committed = new[] { 0 };

        var writer = Task.Run(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                var files = new[] { ("trades", _lake.Write("trades", "2026-01-05", "00", 0, 10)), ("quotes", _lake.Write("quotes", "2026-01-05", "00", 0, 10)) };
                _lake.Commit(files);
                Interlocked.Increment(ref committed[0]);
            }
        });
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!writer.IsCompleted)
            {
                var before = Volatile.Read(ref committed[0]);
                var counts = Assert.Single(await _engine.RowsAsync("SELECT (SELECT count(*) FROM trades), (SELECT count(*) FROM quotes)"));
                Assert.Equal(counts[0], counts[1]);
                Assert.InRange((long)counts[0]!, 100_000 + (10 * before), 102_000);
            }
        }));
        await Task.WhenAll(readers.Append(writer));

        var rows = first!.Count;
        while (await open.ReadPageAsync() is { } page)
            rows += page.Count;
        Assert.Equal(100_000, rows);
        Assert.Equal(102_000L, await _engine.ValueAsync("SELECT count(*) FROM trades"));
    }

    [Theory]
    [InlineData("SELECT symbl FROM trades", "Referenced column \"symbl\" not found", "Candidate bindings: \"symbol\"")]
    [InlineData("SELEC 1", "syntax error at or near \"SELEC\"", "LINE 1: SELEC 1")]
    [InlineData("SELECT 'x'::INTEGER", "Could not convert string 'x' to INT32", "LINE 1")]
    [InlineData("SELECT * FROM 's3://a/b.parquet'", "requires the extension httpfs", "")]
    [InlineData("SELECT 1; SELECT 2", "one statement, not 2", "")]
    [InlineData("-- nothing", "one statement, not 0", "")]
    [InlineData("CREATE TABLE t(i INTEGER)", "read-only mode", "")]
    [InlineData("DROP VIEW trades", "read-only mode", "")]
    [InlineData("SET threads = 1", "configuration has been locked", "")]
    public async Task A_users_error_is_told_in_the_engines_words(string sql, string message, string more)
    {
        var error = await Assert.ThrowsAsync<QueryException>(() => _engine.RowsAsync(sql));
        Assert.Contains(message, error.Message);
        Assert.Contains(more, error.Message);
        Assert.Equal(0L, await _engine.ValueAsync("SELECT count(*) FROM trades"));
    }

    [Fact]
    public async Task An_error_within_the_rows_ends_them_and_is_no_end()
    {
        await using var result = await _engine.ExecuteAsync("SELECT CASE WHEN i = 250000 THEN error('here') ELSE i::VARCHAR END FROM range(1000000) AS t(i)");
        var error = await Assert.ThrowsAsync<QueryException>(async () =>
        {
            await foreach (var _ in result.ReadPagesAsync())
            {
            }
        });
        Assert.Matches("here|does not say which", error.Message);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await result.ReadPageAsync());
    }

    public static TheoryData<string, ColumnType, object?> Values => new()
    {
        { "'a'", ColumnType.Text, "a" },
        { "NULL::VARCHAR", ColumnType.Text, null },
        { "true", ColumnType.Boolean, true },
        { "1::TINYINT", ColumnType.Integer, 1L },
        { "4294967295::UINTEGER", ColumnType.Integer, 4294967295L },
        { "7::INTEGER", ColumnType.Integer, 7L },
        { "-9223372036854775808", ColumnType.Integer, long.MinValue },
        { "18446744073709551615::UBIGINT", ColumnType.HugeInteger, new BigInteger(ulong.MaxValue) },
        { "sum(1::BIGINT)", ColumnType.HugeInteger, BigInteger.One },
        { "340282366920938463463374607431768211455::UHUGEINT", ColumnType.HugeInteger, (BigInteger)UInt128.MaxValue },
        { "1.5::FLOAT", ColumnType.Double, 1.5 },
        { "0.1::DOUBLE", ColumnType.Double, 0.1 },
        { "426.16::DECIMAL(18,9)", ColumnType.Decimal, 426.16m },
        { "DATE '2026-01-05'", ColumnType.Date, new DateOnly(2026, 1, 5) },
        { "TIMESTAMP '2026-01-05 14:30:00.123456'", ColumnType.Timestamp, Utc("2026-01-05T14:30:00.123456Z") },
        { "TIMESTAMP_MS '1969-12-31 23:59:59.999'", ColumnType.Timestamp, Utc("1969-12-31T23:59:59.999Z") },
        { "TIMESTAMPTZ '2026-01-05 14:30:00+02'", ColumnType.Timestamp, Utc("2026-01-05T12:30:00Z") },
        { "TIMESTAMPTZ '2026-01-05 14:30:00+02'::TIMESTAMP", ColumnType.Timestamp, Utc("2026-01-05T12:30:00Z") },
        { "make_timestamp_ns(1767623400123456789)", ColumnType.Text, "2026-01-05 14:30:00.123456789" },
        { "TIME '14:30:00.5'", ColumnType.Text, "14:30:00.5" },
        { "INTERVAL 1 MONTH", ColumnType.Text, "1 month" },
        { "[1, NULL, 3]", ColumnType.Text, "[1, NULL, 3]" },
        { "{'a': 1, 'b': [1.50]}", ColumnType.Text, "{'a': 1, 'b': [1.50]}" },
        { "MAP {'k': NULL}", ColumnType.Text, "{k=NULL}" },
        { "'\\xAA'::BLOB", ColumnType.Text, "\\xAA" },
        { "'c0ffee00-0000-0000-0000-000000000000'::UUID", ColumnType.Text, "c0ffee00-0000-0000-0000-000000000000" },
        { "'a'::ENUM('a', 'b')", ColumnType.Text, "a" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public async Task Every_type_comes_as_one_of_a_few(string expression, ColumnType type, object? value)
    {
        await using var result = await _engine.ExecuteAsync($"SELECT {expression} AS v, 1 AS v;\n");
        Assert.Equal([new QueryColumn("v", type), new QueryColumn("v", ColumnType.Integer)], result.Columns);
        var row = Assert.Single((await result.ReadPageAsync())!);
        Assert.Equal(value, row[0]);
        Assert.Equal(value is DateTime, row[0] is DateTime { Kind: DateTimeKind.Utc });
        Assert.Null(await result.ReadPageAsync());
    }

    [Fact]
    public async Task A_decimal_is_exact_or_an_error()
    {
        const int seed = 20260105;
        var random = new Random(seed);
        var fits = 0;
        for (var i = 0; i < 400; i++)
        {
            var digits = random.Next(1, 39);
            var scale = random.Next(0, digits + 1);
            var number = string.Concat(Enumerable.Range(0, digits).Select(at => (char)('0' + (at > random.Next(1, 60) ? 0 : random.Next(10)))));
            var text = $"{(random.Next(2) == 0 ? "-" : "")}{number[..^scale]}.{number[^scale..]}".TrimEnd('.');
            if (text.StartsWith('.') || text.StartsWith("-.", StringComparison.Ordinal))
                text = text.Replace(".", "0.");
            var expected = text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text;
            try
            {
                var value = (decimal)(await _engine.ValueAsync($"SELECT '{text}'::DECIMAL({digits},{scale})"))!;
                Assert.True(BigInteger.Parse(Unscaled(value, 38), CultureInfo.InvariantCulture) == BigInteger.Parse(Unscaled(expected, 38), CultureInfo.InvariantCulture),
                    $"seed {seed}, {i}: {text} came as {value}");
                fits++;
            }
            catch (QueryException e)
            {
                Assert.True(expected.Count(char.IsAsciiDigit) > 28, $"seed {seed}, {i}: {text}: {e.Message}");
                Assert.StartsWith("column ", e.Message);
            }
        }

        Assert.InRange(fits, 100, 399);
    }

    [Fact]
    public async Task A_value_that_has_no_place_is_named_by_column_and_row()
    {
        var error = await Assert.ThrowsAsync<QueryException>(() => _engine.RowsAsync("SELECT CASE WHEN i = 4999 THEN 'infinity' ELSE '2026-01-05' END::TIMESTAMP AS t FROM range(5000) AS r(i)"));
        Assert.StartsWith("column t, row 5000: ", error.Message);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_cancelled_query_has_stopped_at_the_engine()
    {
        const int seed = 7;
        string[] endless = [Endless, EndlessWithoutAPage, EndlessBehindAMillionRows];
        var random = new Random(seed);
        for (var i = 0; i < 60; i++)
        {
            using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(i < 50 ? random.Next(0, 4) : 100));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                var result = await _engine.ExecuteAsync(endless[i % 3], cancel.Token);
                while (await result.ReadPageAsync(cancel.Token) is not null)
                {
                }
            });
        }

        Assert.Equal(1L, await _engine.ValueAsync("SELECT 1"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_cancel_that_comes_before_the_engine_begins_is_not_lost()
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = Endless;
        using var cancel = new CancellationTokenSource();
        using var never = new ManualResetEventSlim();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DuckDbResult.RunAsync(command, () =>
        {
            cancel.Cancel();
            never.Wait(TimeSpan.FromMilliseconds(100));
            return command.ExecuteReader();
        }, cancel.Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Disposing_of_a_result_stops_a_page_that_is_being_read()
    {
        var result = await _engine.ExecuteAsync(EndlessBehindAMillionRows);
        var halfway = new TaskCompletionSource();
        var reading = Task.Run(async () =>
        {
            var rows = 0;
            await foreach (var page in result.ReadPagesAsync())
            {
                rows += page.Count;
                if (rows > 500_000)
                    halfway.TrySetResult();
            }
        });
        await halfway.Task;
        await Task.WhenAll(result.DisposeAsync().AsTask(), result.DisposeAsync().AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await result.ReadPageAsync());
    }

    [Fact]
    public async Task A_result_of_a_gigabyte_streams()
    {
        await using var engine = new DuckDbEngine(_lake, new DuckDbOptions { MemoryLimit = 100_000_000, Threads = 2 });
        var before = Environment.WorkingSet;
        await using var result = await engine.ExecuteAsync("SELECT i, repeat('x', 1000) || i AS text FROM range(1000000) AS t(i)");
        var rows = 0L;
        var peak = long.MinValue;
        await foreach (var page in result.ReadPagesAsync())
        {
            Assert.Equal(rows, page[0][0]);
            rows += page.Count;
            if (rows % (2048 * 50) == 0)
            {
                GC.Collect();
                peak = Math.Max(peak, Environment.WorkingSet - before);
            }
        }

        Assert.Equal(1_000_000, rows);
        Assert.InRange(peak, long.MinValue, 400_000_000);
    }

    [Fact]
    public async Task What_does_not_fit_into_memory_spills_only_where_it_may()
    {
        const string Sort = "SELECT max(r) FROM (SELECT row_number() OVER (ORDER BY hash(i), repeat('x', 100) || i) AS r FROM range(1000000) AS t(i))";
        var options = new DuckDbOptions { MemoryLimit = 60_000_000, Threads = 1 };
        await using (var engine = new DuckDbEngine(_lake, options))
            await Assert.ThrowsAsync<QueryException>(() => engine.ValueAsync(Sort));
        await using (var engine = new DuckDbEngine(_lake, options with { SpillDirectory = $"{_lake.Root}/spill's" }))
            Assert.Equal(1_000_000L, await engine.ValueAsync(Sort));
    }

    [Fact]
    public void An_option_that_DuckDB_refuses_is_an_error_at_once() =>
        Assert.Throws<QueryException>(() => new DuckDbEngine(_lake, new DuckDbOptions { Threads = 0 }));

    private static DateTime Utc(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    private static string Unscaled(decimal value, int scale) => Unscaled(value.ToString(CultureInfo.InvariantCulture), scale);

    private static string Unscaled(string text, int scale)
    {
        var point = text.IndexOf('.');
        var decimals = point < 0 ? 0 : text.Length - point - 1;
        return text.Replace(".", "") + new string('0', scale - decimals);
    }
}
