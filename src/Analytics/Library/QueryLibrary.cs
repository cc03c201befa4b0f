namespace StockActors.Analytics;

/// <summary>Queries that have a name.</summary>
public sealed class QueryLibrary
{
    private const string Folder = "Sql/";

    private QueryLibrary(IReadOnlyList<NamedQuery> queries) => Queries = queries;

    /// <summary>The queries that come with the program, one of each file under <c>Sql</c>.</summary>
    public static QueryLibrary Shipped { get; } = new(
        [
            .. typeof(QueryLibrary).Assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => NamedQuery.Parse(Path.GetFileNameWithoutExtension(name), Read(name))),
        ]);

    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<NamedQuery> Queries { get; }

    /// <summary>The query of a name.</summary>
    /// <exception cref="QueryException">There is none; the message says which there are.</exception>
    public NamedQuery Find(string name) => Queries.FirstOrDefault(query => query.Name == name) ?? throw new QueryException(
        $"there is no query '{name}'{Nearest(name, Queries.Select(query => query.Name))}. There are {string.Join(", ", Queries.Select(query => query.Name))}.");

    /// <summary>A question that names what comes nearest to a name, where something is near.</summary>
    internal static string Nearest(string name, IEnumerable<string> names)
    {
        var near = names.Select(other => (Name: other, Distance: Distance(name, other)))
            .Where(other => other.Distance <= Math.Max(1, name.Length / 3) || (name.Length > 2 && other.Name.Contains(name, StringComparison.OrdinalIgnoreCase)))
            .OrderBy(other => other.Distance).Select(other => other.Name).Take(3).ToList();
        return near.Count == 0 ? "" : $" (did you mean {string.Join(" or ", near)}?)";
    }

    // Levenshtein: how many characters have to be put in, taken out or changed.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var changed = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j - 1], row[j]) + 1);
            }
        }

        return row[^1];
    }

    private static string Read(string resource)
    {
        using var reader = new StreamReader(typeof(QueryLibrary).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
