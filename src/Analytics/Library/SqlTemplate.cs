using System.Globalization;
using System.Text;
using StockActors.Market;

namespace StockActors.Analytics;

/// <summary>
/// Puts what an engine reads in the place of a query's markers. All that differs between the dialects is here; the rest of a query is SQL that
/// both understand alike.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item><c>{trades}</c>, <c>{quotes}</c>, <c>{status}</c>, <c>{bars}</c>, <c>{truth}</c>: the rows of the table that symbol, run, from and to select.</item>
/// <item><c>{query NAME}</c>: what another query of the library answers about the same selection, its own parameters at their defaults.</item>
/// <item><c>{NAME}</c>: the parameter's value as a literal; NULL where it sets no limit.</item>
/// <item><c>{wide}</c>: the type of integers beyond 64 bits.</item>
/// <item><c>{time X}</c>: nanoseconds since 1970-01-01 UTC as a TIMESTAMP, cut to the millisecond.</item>
/// <item><c>{ratio A / B}</c>: A by B as a DECIMAL(18,9), rounded half away from zero; NULL where B is 0.</item>
/// <item><c>{quotient A / B}</c>: A by B, both integers, as a BIGINT; what is left over is cut off.</item>
/// </list>
/// </remarks>
internal sealed class SqlTemplate(SqlDialect dialect, IReadOnlyDictionary<string, string?> literals)
{
    private const string SymbolName = "symbol";
    private const string RunName = "run";
    private const string FromName = "from";
    private const string ToName = "to";

    /// <summary>The parameters that every query has: which ticks it reads.</summary>
    public static IReadOnlyList<QueryParameter> Selection { get; } =
    [
        new(SymbolName, ParameterType.Symbols, QueryParameter.All, "The symbols."),
        new(RunName, ParameterType.Text, QueryParameter.All, "The run, as run_id has it; * for all, which are never mixed in one row."),
        new(FromName, ParameterType.Instant, QueryParameter.All, "The first event time."),
        new(ToName, ParameterType.Instant, QueryParameter.All, "The event time before which it ends."),
    ];

    /// <summary>The statement.</summary>
    /// <exception cref="QueryException">The parameters select no time at all.</exception>
    public string Expand(string text)
    {
        var sql = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            var begin = text.IndexOf('{', at);
            if (begin < 0)
                return sql.Append(text, at, text.Length - at).ToString();
            var end = EndOf(text, begin);
            sql.Append(text, at, begin - at).Append(Marker(text[(begin + 1)..end]));
            at = end + 1;
        }

        return sql.ToString();
    }

    // What stands for a marker is never looked at again: a value may have braces.
    private string Marker(string marker)
    {
        var space = marker.IndexOf(' ', StringComparison.Ordinal);
        var argument = marker[(space + 1)..];
        return (space < 0 ? marker : marker[..space]) switch
        {
            "trades" or "quotes" or "status" or "bars" or "truth" => Table(marker),
            "query" => Query(argument),
            "wide" => dialect == SqlDialect.DuckDb ? "HUGEINT" : "DECIMAL(38,0)",
            "time" => Time(Expand(argument)),
            "ratio" => Ratio(argument),
            "quotient" => Quotient(argument),
            _ => literals[marker] ?? "NULL",
        };
    }

    private static int EndOf(string text, int begin)
    {
        var depth = 0;
        for (var at = begin; at < text.Length; at++)
        {
            depth += text[at] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
                return at;
        }

        throw new FormatException($"'{text[begin..]}' has a marker without an end");
    }

    private string Query(string name)
    {
        var query = QueryLibrary.Shipped.Find(name);
        var own = query.Parameters.ToDictionary(
            parameter => parameter.Name, parameter => Selection.Contains(parameter) ? literals[parameter.Name] : parameter.Literal(parameter.Default!));
        return $"({new SqlTemplate(dialect, own).Expand(query.Text)})";
    }

    private string Table(string name)
    {
        var conditions = Conditions(name == "bars").ToList();
        return conditions.Count == 0 ? name : $"(SELECT * FROM {name} WHERE {string.Join(" AND ", conditions)})";
    }

    // The partitions are named beside the times, so that what lies outside is not even opened.
    private IEnumerable<string> Conditions(bool isYearly)
    {
        if (literals[SymbolName] is { } symbols)
            yield return $"symbol IN ({symbols})";
        if (literals[RunName] is { } run && run != QueryParameter.Quoted(QueryParameter.All))
            yield return $"run_id = {run}";
        var from = literals[FromName] is { } first ? long.Parse(first, CultureInfo.InvariantCulture) : (long?)null;
        var to = literals[ToName] is { } end ? long.Parse(end, CultureInfo.InvariantCulture) : (long?)null;
        if (from >= to)
            throw new QueryException($"from {UnixNanos.Format(from.Value)} is not before to {UnixNanos.Format(to.Value)}: no event lies between them.");
        if (from is { } atLeast)
        {
            var (dt, hour) = PartitionOf(atLeast);
            yield return $"ts_event >= {atLeast}";
            yield return isYearly ? $"dt >= '{dt[..4]}'" : $"dt >= '{dt}'";
            if (!isYearly && hour != "00")
                yield return $"(dt > '{dt}' OR hour >= '{hour}')";
        }

        if (to is { } before)
        {
            var (dt, hour) = PartitionOf(before - 1);
            yield return $"ts_event < {before}";
            yield return $"dt <= '{dt}'";
            if (!isYearly && hour != "23")
                yield return $"(dt < '{dt}' OR hour <= '{hour}')";
        }
    }

    private static (string Dt, string Hour) PartitionOf(long nanos) => (
        UnixNanos.ToDate(nanos).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        UnixNanos.HourOf(nanos).ToString("00", CultureInfo.InvariantCulture));

    private string Time(string nanos)
    {
        var cut = $"({nanos}) - (({nanos}) % 1000000 + 1000000) % 1000000";
        return dialect == SqlDialect.DuckDb ? $"epoch_ms(({cut}) // 1000000)" : $"CAST(from_unixtime_nanos({cut}) AT TIME ZONE 'UTC' AS TIMESTAMP(3))";
    }

    private string Ratio(string argument)
    {
        var (a, b) = Operands(argument);
        if (dialect == SqlDialect.Athena)
            return $"CAST(CAST({a} AS DECIMAL(38,9)) / NULLIF(CAST({b} AS DECIMAL(38,9)), 0) AS DECIMAL(18,9))";

        // DuckDB divides decimals as doubles, so they are divided as integers: twice the dividend plus the divisor by twice the divisor, which rounds.
        var (dividend, divisor) = (Billionths(a), Billionths(b));
        return $"CAST(CAST(sign({dividend}) * sign({divisor}) * ((2000000000 * abs({dividend}) + abs({divisor})) // NULLIF(2 * abs({divisor}), 0)) AS DECIMAL(38,0)) * 0.000000001 AS DECIMAL(18,9))";
    }

    private static string Billionths(string number) => $"CAST(CAST({number} AS DECIMAL(38,9)) * 1000000000 AS HUGEINT)";

    // Athena rounds where it divides decimals, so what would be left is taken away before.
    private string Quotient(string argument)
    {
        var (a, b) = Operands(argument);
        if (dialect == SqlDialect.DuckDb)
            return $"CAST(CAST({a} AS HUGEINT) // CAST({b} AS HUGEINT) AS BIGINT)";
        var (dividend, divisor) = ($"CAST({a} AS DECIMAL(38,0))", $"CAST({b} AS DECIMAL(38,0))");
        return $"CAST(({dividend} - {dividend} % {divisor}) / {divisor} AS BIGINT)";
    }

    private (string A, string B) Operands(string argument)
    {
        const string Sign = " / ";
        var depth = 0;
        for (var at = 0; at < argument.Length; at++)
        {
            depth += argument[at] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0 && string.CompareOrdinal(argument, at, Sign, 0, Sign.Length) == 0)
                return (Expand(argument[..at]), Expand(argument[(at + Sign.Length)..]));
        }

        throw new FormatException($"'{argument}' is no division");
    }
}
