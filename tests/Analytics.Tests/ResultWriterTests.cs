using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace StockActors.Analytics.Tests;

public sealed class ResultWriterTests
{
    private static readonly QueryColumn[] Columns =
    [
        new("text", ColumnType.Text), new("integer", ColumnType.Integer), new("huge", ColumnType.HugeInteger), new("decimal", ColumnType.Decimal),
        new("double", ColumnType.Double), new("truth", ColumnType.Boolean), new("time", ColumnType.Timestamp), new("date", ColumnType.Date),
    ];

    [Fact]
    public async Task A_table_is_aligned_with_its_numbers_to_the_right()
    {
        QueryColumn[] columns = [new("symbol", ColumnType.Text), new("price", ColumnType.Decimal), new("n", ColumnType.Integer), new("ts", ColumnType.Timestamp)];
        object?[][] rows =
        [
            ["S001", 426.160000000m, 7L, Utc(2026, 1, 5, 14, 30, 0, 123)],
            [null, -0.5m, 12345L, null],
            ["tab\tand\nbreak\u001b[0m", 1m, null, Utc(2026, 1, 5, 14, 30, 0, 0)],
        ];
        Assert.Equal("""
             symbol                   |  price |     n | ts
            --------------------------+--------+-------+--------------------------
             S001                     | 426.16 |     7 | 2026-01-05T14:30:00.123Z
             NULL                     |  -0.50 | 12345 | NULL
             tab\tand\nbreak\u001b[0m |   1.00 |  NULL | 2026-01-05T14:30:00.000Z
            (3 rows)

            """, await WriteAsync(OutputFormat.Table, columns, rows));
    }

    [Fact]
    public async Task A_tables_later_pages_keep_their_values_whole()
    {
        QueryColumn[] columns = [new("p", ColumnType.Decimal), new("s", ColumnType.Text)];
        var text = new StringWriter();
        Assert.Equal(3, await ResultWriter.WriteAsync(OutputFormat.Table, columns, Pages([[1.5m, "a"]], [[1234.123456789m, "longer"], [2m, "b"]]), text));
        Assert.Equal("   p | s\n-----+---\n 1.5 | a\n 1234.123456789 | longer\n 2.0 | b\n(3 rows)\n", text.ToString());
    }

    [Theory]
    [InlineData(OutputFormat.Table, " a | b\n---+---\n(0 rows)\n")]
    [InlineData(OutputFormat.Csv, "a,b\r\n")]
    [InlineData(OutputFormat.Json, "[]")]
    public async Task A_result_without_rows_still_has_its_columns(OutputFormat format, string expected) =>
        Assert.Equal(expected, await WriteAsync(format, [new("a", ColumnType.Text), new("b", ColumnType.Integer)], []));

    [Theory]
    [InlineData(OutputFormat.Table, "(0 rows)\n")]
    [InlineData(OutputFormat.Csv, "")]
    [InlineData(OutputFormat.Json, "[]")]
    public async Task A_statement_without_a_result_writes_next_to_nothing(OutputFormat format, string expected) =>
        Assert.Equal(expected, await WriteAsync(format, [], []));

    [Fact]
    public async Task Csv_and_json_read_back_are_what_was_written()
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            var random = new Random(seed);
            var rows = Enumerable.Range(0, random.Next(0, 8)).Select(_ => RandomRow(random)).ToArray();

            var csv = ReadCsv(await WriteAsync(OutputFormat.Csv, Columns, rows));
            Assert.Equal(Columns.Select(column => column.Name), csv[0]);
            Assert.True(rows.Length == csv.Count - 1, $"seed {seed}");
            for (var i = 0; i < rows.Length; i++)
                AssertSame(rows[i], csv[i + 1].Select((field, at) => field is null ? null : Parse(Columns[at].Type, field)), seed);

            var json = await WriteAsync(OutputFormat.Json, Columns, rows);
            Assert.DoesNotContain('\n', json);
            using var document = JsonDocument.Parse(json);
            Assert.Equal(rows.Length, document.RootElement.GetArrayLength());
            var at0 = 0;
            foreach (var element in document.RootElement.EnumerateArray())
            {
                Assert.Equal(Columns.Select(column => column.Name), element.EnumerateObject().Select(property => property.Name));
                AssertSame(rows[at0++], element.EnumerateObject().Select((property, at) => Parse(Columns[at].Type, property.Value)), seed);
            }
        }
    }

    [Fact]
    public async Task Json_tells_columns_of_one_name_apart()
    {
        QueryColumn[] columns = [new("a", ColumnType.Integer), new("a", ColumnType.Integer), new("a_2", ColumnType.Integer), new("a", ColumnType.Integer)];
        Assert.Equal("""[{"a":1,"a_3":2,"a_2":3,"a_4":4}]""", await WriteAsync(OutputFormat.Json, columns, [[1L, 2L, 3L, 4L]]));
    }

    [Fact]
    public async Task Json_has_no_number_for_what_is_none() =>
        Assert.Equal("""[{"d":"NaN"},{"d":"-Infinity"}]""", await WriteAsync(OutputFormat.Json, [new("d", ColumnType.Double)], [[double.NaN], [double.NegativeInfinity]]));

    [Fact]
    public async Task Pages_are_written_as_they_come()
    {
        var text = new StringWriter();
        var lengths = new List<int>();
        await ResultWriter.WriteAsync(OutputFormat.Csv, [new("n", ColumnType.Integer)], Observed(), text);
        Assert.Equal([0, "n\r\n0\r\n".Length, "n\r\n0\r\n1\r\n".Length], lengths);

        async IAsyncEnumerable<IReadOnlyList<object?[]>> Observed()
        {
            for (var i = 0L; i < 3; i++)
            {
                await Task.Yield();
                lengths.Add(text.ToString().Length);
                yield return [[i]];
            }
        }
    }

    [Fact]
    public async Task An_engines_result_is_written_as_it_is()
    {
        using var lake = new TempLake();
        await using var engine = new DuckDbEngine(lake);
        await using var result = await engine.ExecuteAsync(
            "SELECT 426.16::DECIMAL(18,9) AS price, sum(1::BIGINT) AS n, TIMESTAMP '2026-01-05 14:30:00.5' AS ts, [1, NULL] AS list, NULL::BOOLEAN AS b");
        var text = new StringWriter();
        await ResultWriter.WriteAsync(OutputFormat.Json, result.Columns, result.ReadPagesAsync(), text);
        Assert.Equal("""[{"price":426.16,"n":1,"ts":"2026-01-05T14:30:00.500Z","list":"[1, NULL]","b":null}]""", text.ToString());
    }

    private static object?[] RandomRow(Random random)
    {
        const string Letters = "ab,\"\r\n\t ;é漢\\/\u0001\u2028'";
        object?[] row =
        [
            string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => Letters[random.Next(Letters.Length)])),
            random.NextInt64(long.MinValue, long.MaxValue),
            BigInteger.Pow(random.NextInt64(), random.Next(1, 3)) * (random.Next(2) == 0 ? 1 : -1),
            new decimal(random.Next(), random.Next(), random.Next(), random.Next(2) == 0, (byte)random.Next(29)),
            BitConverter.Int64BitsToDouble(random.NextInt64()) is var number && double.IsFinite(number) ? number : 0.1,
            random.Next(2) == 0,
            DateTime.UnixEpoch.AddMicroseconds(random.NextInt64(-1_000_000_000_000_000, 4_000_000_000_000_000)),
            DateOnly.FromDayNumber(random.Next(0, 3_000_000)),
        ];
        return row.Select(value => random.Next(6) == 0 ? null : value).ToArray();
    }

    private static object Parse(ColumnType type, string text) => type switch
    {
        ColumnType.Text => text,
        ColumnType.Integer => long.Parse(text, CultureInfo.InvariantCulture),
        ColumnType.HugeInteger => BigInteger.Parse(text, CultureInfo.InvariantCulture),
        ColumnType.Decimal => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
        ColumnType.Double => double.Parse(text, CultureInfo.InvariantCulture),
        ColumnType.Boolean => bool.Parse(text),
        ColumnType.Timestamp => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
        _ => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture),
    };

    private static object? Parse(ColumnType type, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => Parse(type, value.GetString()!),
        _ => Parse(type, value.GetRawText()),
    };

    private static void AssertSame(object?[] expected, IEnumerable<object?> actual, int seed)
    {
        var values = actual.ToArray();
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Equals(expected[i], values[i]), $"seed {seed}: {Columns[i].Name} {expected[i]} came back as {values[i]}");
    }

    // RFC 4180 read to the letter; null is a field with nothing in it, not even quotes.
    private static List<List<string?>> ReadCsv(string text)
    {
        var lines = new List<List<string?>>();
        var line = new List<string?>();
        for (var i = 0; i < text.Length;)
        {
            string? field = null;
            if (text[i] == '"')
            {
                var value = new StringBuilder();
                for (i++; text[i] != '"' || (i + 1 < text.Length && text[i + 1] == '"'); i++)
                {
                    if (text[i] == '"')
                        i++;
                    value.Append(text[i]);
                }

                field = value.ToString();
                i++;
            }
            else
            {
                var end = text.IndexOfAny([',', '\r'], i);
                field = end == i ? null : text[i..end];
                i = end;
            }

            line.Add(field);
            if (text[i] == ',')
            {
                i++;
                continue;
            }

            Assert.Equal("\r\n", text.Substring(i, 2));
            i += 2;
            lines.Add(line);
            line = [];
        }

        return lines;
    }

    private static DateTime Utc(int year, int month, int day, int hour, int minute, int second, int millisecond) =>
        new(year, month, day, hour, minute, second, millisecond, DateTimeKind.Utc);

    private static async Task<string> WriteAsync(OutputFormat format, QueryColumn[] columns, object?[][] rows)
    {
        var text = new StringWriter();
        Assert.Equal(rows.Length, await ResultWriter.WriteAsync(format, columns, Pages(rows.Chunk(3).ToArray()), text));
        return text.ToString();
    }

    private static async IAsyncEnumerable<IReadOnlyList<object?[]>> Pages(params object?[][][] pages)
    {
        foreach (var page in pages)
        {
            await Task.Yield();
            yield return page;
        }
    }
}
