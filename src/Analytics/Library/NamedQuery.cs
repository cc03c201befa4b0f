using System.Text.RegularExpressions;

namespace StockActors.Analytics;

/// <summary>A query of the library: one file, which begins with a header that says what it answers, what it takes and what its columns are.</summary>
/// <param name="Name">Its name: that of its file.</param>
/// <param name="Purpose">What it answers.</param>
/// <param name="Parameters">What it takes: its own parameters, then those that say which ticks it reads.</param>
/// <param name="Columns">What its result has, in order.</param>
/// <param name="Text">The file's SQL, with its markers (<see cref="Bind"/> puts in what stands for them).</param>
public sealed partial record NamedQuery(
    string Name, string Purpose, IReadOnlyList<QueryParameter> Parameters, IReadOnlyList<QueryOutput> Columns, string Text)
{
    /// <summary>The complete statement.</summary>
    /// <param name="dialect">Whose.</param>
    /// <param name="parameters">The values by the parameters' names; a parameter without one has its default.</param>
    /// <exception cref="QueryException">A parameter is unknown, missing or malformed; the message names it and says what it takes.</exception>
    public string Bind(SqlDialect dialect, IReadOnlyDictionary<string, string> parameters)
    {
        foreach (var name in parameters.Keys)
        {
            if (Parameters.All(parameter => parameter.Name != name))
            {
                throw new QueryException(
                    $"query {Name} has no parameter '{name}'{QueryLibrary.Nearest(name, Parameters.Select(parameter => parameter.Name))}. It takes {string.Join(", ", Parameters.Select(parameter => parameter.Name))}.");
            }
        }

        var literals = Parameters.ToDictionary(parameter => parameter.Name, parameter => Literal(parameter, parameters.GetValueOrDefault(parameter.Name)));
        return new SqlTemplate(dialect, literals).Expand(Text);
    }

    /// <summary>Reads a query's file.</summary>
    /// <exception cref="FormatException">Its header can't be read.</exception>
    internal static NamedQuery Parse(string name, string file)
    {
        var purpose = new List<string>();
        var parameters = new List<QueryParameter>();
        var columns = new List<QueryOutput>();
        var lines = file.Split('\n');
        var at = 0;
        for (; at < lines.Length && lines[at].StartsWith("--", StringComparison.Ordinal); at++)
        {
            var line = lines[at];
            if (HeaderParameter().Match(line) is { Success: true } parameter)
            {
                parameters.Add(new QueryParameter(
                    parameter.Groups["name"].Value,
                    Enum.Parse<ParameterType>(parameter.Groups["type"].Value, ignoreCase: true),
                    parameter.Groups["default"] is { Success: true } given ? given.Value : null,
                    parameter.Groups["text"].Value));
            }
            else if (HeaderColumn().Match(line) is { Success: true } column)
            {
                columns.Add(new QueryOutput(column.Groups["name"].Value, column.Groups["type"].Value, column.Groups["text"].Value));
            }
            else if (line[2..].Trim() is { Length: > 0 } text)
            {
                if (parameters.Count + columns.Count > 0)
                    throw new FormatException($"{name}.sql:{at + 1}: '{line}' is neither '-- param NAME TYPE [= DEFAULT]: TEXT' nor '-- column NAME TYPE: TEXT'.");
                purpose.Add(text);
            }
        }

        var sql = string.Join('\n', lines[at..]).Trim();
        if (purpose.Count == 0 || columns.Count == 0 || sql.Length == 0)
            throw new FormatException($"{name}.sql begins with comments: its purpose, its parameters and its columns; the statement follows.");
        return new NamedQuery(name, string.Join(' ', purpose), [.. parameters, .. SqlTemplate.Selection], columns, sql);
    }

    private string? Literal(QueryParameter parameter, string? given)
    {
        if ((given ?? parameter.Default) is not { } value)
            throw new QueryException($"query {Name} needs the parameter {parameter.Name}: {parameter.Description} It takes {parameter.Takes}.");
        try
        {
            return parameter.Literal(value);
        }
        catch (FormatException e)
        {
            var otherwise = parameter.Default is { } text ? $" (default {(text.Length > 0 ? text : "the empty text")})" : "";
            throw new QueryException($"query {Name}, parameter {parameter.Name}: {e.Message}; it takes {parameter.Takes}{otherwise}.", e);
        }
    }

    [GeneratedRegex(@"^-- param (?<name>[a-z_]+) (?<type>[a-z]+)( = (?<default>[^:]*))?: (?<text>.+)$")]
    private static partial Regex HeaderParameter();

    [GeneratedRegex(@"^-- column (?<name>[a-z_]+) (?<type>[A-Z]+(\(\d+,\d+\))?): (?<text>.+)$")]
    private static partial Regex HeaderColumn();
}
