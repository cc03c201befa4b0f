namespace StockActors.Analytics;

/// <summary>A file's path says something else about its rows than the lake does, so that a query over it would be wrong.</summary>
public sealed class LakeLayoutException : Exception
{
    internal LakeLayoutException(string table, string path, string what)
        : base($"table {table}: the file {path} {what}") => (Table, Path) = (table, path);

    /// <summary>The table.</summary>
    public string Table { get; }

    /// <summary>The file.</summary>
    public string Path { get; }
}
