using System.Text.Json;
using StockActors.Analytics;

namespace StockActors.Node.Commands;

/// <summary>The SQL library as its users see it.</summary>
internal static class NamedQueries
{
    /// <summary>Reads <c>NAME=VALUE</c>; a name that comes twice has its last value.</summary>
    /// <returns>The parameters, or an error that says which of the texts is none.</returns>
    public static (Dictionary<string, string> Parameters, string? Error) Parse(IReadOnlyList<string> pairs)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
                return (parameters, $"--param takes NAME=VALUE, such as interval=1m; it is '{pair}'.");
            parameters[pair[..at].Trim()] = pair[(at + 1)..];
        }

        return (parameters, null);
    }

    /// <summary>Writes what queries there are: as a table or CSV a row each, as JSON all about each.</summary>
    public static async Task ListAsync(IReadOnlyList<NamedQuery> queries, OutputFormat format, TextWriter output)
    {
        if (format == OutputFormat.Json)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(queries.Select(Described), QueryReport.Indented));
            return;
        }

        QueryColumn[] columns = [new("name", ColumnType.Text), new("parameters", ColumnType.Text), new("purpose", ColumnType.Text)];
        IReadOnlyList<object?[]> rows = [.. queries.Select(query => new object?[] { query.Name, string.Join(", ", query.Parameters.Select(Short)), FirstSentence(query.Purpose) })];
        await ResultWriter.WriteAsync(format, columns, rows, output);
    }

    /// <summary>Writes all about one query.</summary>
    public static async Task DescribeAsync(NamedQuery query, TextWriter output)
    {
        await output.WriteLineAsync($"{query.Name}: {query.Purpose}");
        await output.WriteLineAsync();
        await output.WriteLineAsync("Parameters:");
        var width = query.Parameters.Max(parameter => Short(parameter).Length);
        foreach (var parameter in query.Parameters)
            await output.WriteLineAsync($"  {Short(parameter).PadRight(width)}  {parameter.Description} Takes {parameter.Takes}.");
        await output.WriteLineAsync();
        await output.WriteLineAsync("Columns:");
        width = query.Columns.Max(column => column.Name.Length + column.Type.Length + 1);
        foreach (var column in query.Columns)
            await output.WriteLineAsync($"  {$"{column.Name} {column.Type}".PadRight(width)}  {column.Description}");
    }

    private static string FirstSentence(string purpose) => purpose.IndexOf(". ", StringComparison.Ordinal) is >= 0 and var end ? purpose[..(end + 1)] : purpose;

    private static string Short(QueryParameter parameter) => parameter.Default is { } otherwise ? $"{parameter.Name}={otherwise}" : $"{parameter.Name} (required)";

    private static object Described(NamedQuery query) => new
    {
        name = query.Name,
        purpose = query.Purpose,
        parameters = query.Parameters.Select(parameter => new
        {
            name = parameter.Name,
            type = parameter.Type.ToString().ToLowerInvariant(),
            @default = parameter.Default,
            required = parameter.Default is null,
            description = parameter.Description,
            takes = parameter.Takes,
        }),
        columns = query.Columns.Select(column => new { name = column.Name, type = column.Type, description = column.Description }),
    };
}
