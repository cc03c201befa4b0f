using System.Globalization;
using StockActors.Market;
using Xunit.Abstractions;

namespace StockActors.Analytics.Tests;

/// <summary>Every query of the library against a plain computation over the same ticks.</summary>
public sealed class QueryLibraryTests(QueryLibraryTests.Lakes lakes, ITestOutputHelper output) : IClassFixture<QueryLibraryTests.Lakes>
{
    // What goes through a logarithm or a square root, which no standard says to the last bit, may differ in the ninth decimal. All else is exact.
    private const decimal LastDigit = 0.000000001m;

    private static readonly string[] Rounded = ["volatility", "largest", "correlation"];

    public static TheoryData<string> Names => [.. QueryLibrary.Shipped.Queries.Select(query => query.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_query_answers_what_a_plain_computation_does(string name)
    {
        var query = QueryLibrary.Shipped.Find(name);
        output.WriteLine($"seed {lakes.Seed}");
        var random = new Random(lakes.Seed);
        var rows = 0;
        foreach (var (day, ticks, truths, _, engine) in lakes.All)
        {
            for (var choice = 0; choice < 4; choice++)
            {
                var parameters = choice switch { 0 => [], 1 => Narrowest(query), _ => Parameters(query, random, day) };
                await using var result = await engine.ExecuteAsync(query.Bind(SqlDialect.DuckDb, parameters));
                Assert.Equal(query.Columns.Select(column => (column.Name, TypeOf(column.Type))), result.Columns.Select(column => (column.Name, column.Type)));
                var found = new List<object?[]>();
                await foreach (var page in result.ReadPagesAsync())
                    found.AddRange(page);

                var plain = new PlainAnswers(ticks, truths, parameter => parameters.GetValueOrDefault(parameter) ?? query.Parameters.Single(p => p.Name == parameter).Default!).Of(name);
                Assert.True(plain is not null, $"nobody has computed {name} without SQL: see {nameof(PlainAnswers)}");
                Same(query, [.. plain], found, string.Join(' ', parameters.Select(p => $"{p.Key}={p.Value}")));
                rows += found.Count;
            }
        }

        Assert.True(rows > 0, "no answer had a row");
    }

    [Fact]
    public async Task An_empty_lake_has_an_empty_answer_to_every_query()
    {
        using var lake = new TickLake([]);
        await using var engine = new DuckDbEngine(lake);
        foreach (var query in QueryLibrary.Shipped.Queries)
            Assert.Empty(await engine.RowsAsync(query.Bind(SqlDialect.DuckDb, new Dictionary<string, string>())));
    }

    private static void Same(NamedQuery query, List<object?[]> plain, List<object?[]> found, string parameters)
    {
        for (var i = 0; i < Math.Max(plain.Count, found.Count); i++)
        {
            Assert.True(i < plain.Count && i < found.Count, $"{query.Name} {parameters}: {found.Count} rows, not {plain.Count}");
            for (var c = 0; c < query.Columns.Count; c++)
            {
                var (expected, actual) = (plain[i][c], found[i][c]);
                var same = expected is decimal a && actual is decimal b && Rounded.Contains(query.Columns[c].Name) ? Math.Abs(a - b) <= LastDigit : Equals(expected, actual);
                Assert.True(same, $"{query.Name} {parameters}, row {i}, {query.Columns[c].Name}: {actual ?? "NULL"}, not {expected ?? "NULL"}\n{string.Join(", ", found[i])}\n{string.Join(", ", plain[i])}");
            }
        }
    }

    // The least that makes an answer: few ticks are usual, and one that is large is enough.
    private static Dictionary<string, string> Narrowest(NamedQuery query) =>
        query.Parameters.Where(parameter => parameter.Type == ParameterType.Integer).ToDictionary(parameter => parameter.Name, _ => "1");

    // Any parameter may be given or not, and a window may cut a day anywhere.
    private static Dictionary<string, string> Parameters(NamedQuery query, Random random, DateOnly day)
    {
        var values = new Dictionary<string, string>();
        foreach (var parameter in query.Parameters.Where(_ => random.Next(2) == 0))
        {
            values[parameter.Name] = parameter.Type switch
            {
                ParameterType.Symbols => random.Next(2) == 0 ? "AAA,BRK.B" : "AAA,S001,^HSI",
                ParameterType.Instant => UnixNanos.ToInstant(UnixNanos.From(day) + (parameter.Name == "from" ? 13 : 25) * UnixNanos.PerHour + (random.Next(20) * 10 * 60 * UnixNanos.PerSecond))
                    .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                ParameterType.Interval => Any("100ms", "7s", "90s", "10m", "1h", "36h"),
                ParameterType.Number => Any("0.005", "0.03", "0.5", "1.25"),
                ParameterType.Integer => Any("1", "2", "3", "7", "40"),
                _ => parameter.Name == "run" ? Any("r1", "", "r2") : Any("institution", "noise"),
            };
        }

        return values;

        string Any(params string[] choices) => choices[random.Next(choices.Length)];
    }

    private static ColumnType TypeOf(string sqlType) => sqlType switch
    {
        "VARCHAR" => ColumnType.Text,
        "BIGINT" => ColumnType.Integer,
        "TIMESTAMP" => ColumnType.Timestamp,
        "BOOLEAN" => ColumnType.Boolean,
        _ => ColumnType.Decimal,
    };

    /// <summary>Three lakes of a seed; one of them lies about 1970, before which a remainder is negative.</summary>
    public sealed class Lakes : IAsyncLifetime
    {
        private static readonly DateOnly[] Days = [new(2026, 1, 5), new(1969, 12, 31), new(2026, 3, 2)];

        internal List<(DateOnly Day, IReadOnlyList<Tick> Ticks, IReadOnlyList<Tick> Truths, TickLake Lake, DuckDbEngine Engine)> All { get; } = [];

        public int Seed { get; } = int.TryParse(Environment.GetEnvironmentVariable("QUERY_SEED"), out var given) ? given : Environment.TickCount;

        public Task InitializeAsync()
        {
            foreach (var (day, i) in Days.Select((day, i) => (day, i)))
            {
                var ticks = MarketTicks.Of(Seed + i, 300, day);
                var truths = MarketTicks.TruthsOf(ticks, Seed + i);
                var lake = new TickLake([.. ticks, .. truths]);
                All.Add((day, ticks, truths, lake, new DuckDbEngine(lake)));
            }

            return Task.CompletedTask;
        }

        public async Task DisposeAsync()
        {
            foreach (var (_, _, _, lake, engine) in All)
            {
                await engine.DisposeAsync();
                lake.Dispose();
            }
        }
    }
}
