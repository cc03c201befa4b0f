using System.Text.Json;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace StockActors.Analytics;

/// <summary>
/// Finds out which partitions a query touches before any file of them is opened: it has DuckDB optimise the query over views that have one file for each
/// partition, and reads from the plan which of them are left. Not for use by several threads at once.
/// </summary>
/// <remarks>
/// Nothing is opened of those files but the first one's schema, so for a lake that is not on this machine they are empty ones in a folder of the planner's
/// own. What can't be told counts as touched, so that a plan is never too small.
/// </remarks>
internal sealed class LakePlanner : IDisposable
{
    private readonly DuckDBConnection _database = new("DataSource=:memory:");
    private readonly Dictionary<string, string> _views = [];
    private readonly Dictionary<string, (string Table, string Partition)> _partitionOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _standIns = new(StringComparer.Ordinal);
    private readonly bool _isRemote;
    private string? _folder;

    /// <summary>A planner.</summary>
    /// <param name="isRemote">Whether the lake's files are not on this machine.</param>
    public LakePlanner(bool isRemote)
    {
        _isRemote = isRemote;
        _database.Open();
        Run("SET autoinstall_known_extensions = false");
        Run("SET autoload_known_extensions = false");
        Run("SET GLOBAL TimeZone = 'UTC'");

        // What a file stands for is more than what it says: nothing may be concluded from its rows and their statistics.
        Run("SET disabled_optimizers = 'statistics_propagation'");
        Run("SET lock_configuration = true");
    }

    /// <summary>The files that a query touches, by table; a table that it does not read has none.</summary>
    /// <exception cref="QueryException">DuckDB refuses the query.</exception>
    /// <exception cref="LakeLayoutException">A file lies elsewhere than its partition says.</exception>
    public LakePlan Plan(IReadOnlyList<LakeTable> tables, string sql)
    {
        Refresh(tables);
        RequireOneStatement(sql);
        var touched = Optimise(sql);
        return new LakePlan(
            [.. tables.Select(table => table with { Files = [.. table.Files.Where(file => file.Rows != 0 && (touched is null || touched.Contains((table.Name, PartitionOf(file)))))] })],
            touched is not null);
    }

    public void Dispose()
    {
        _database.Dispose();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }

    private static string PartitionOf(LakeFile file) => string.Join('/', file.PartitionValues);

    private void Refresh(IReadOnlyList<LakeTable> tables)
    {
        foreach (var table in tables)
        {
            var partitions = table.Files.Where(file => file.Rows != 0).DistinctBy(PartitionOf, StringComparer.Ordinal)
                .Select(file => _isRemote ? file with { Path = StandIn(table, file) } : file).ToList();
            var view = LakeViews.Create(table with { Files = partitions });
            if (_views.GetValueOrDefault(table.Name) == view)
                continue;
            Run(view);
            _views[table.Name] = view;
            foreach (var file in partitions)
                _partitionOf[file.Path] = (table.Name, PartitionOf(file));
        }
    }

    private string StandIn(LakeTable table, LakeFile file)
    {
        var path = string.Join('/', table.PartitionKeys.Zip(file.PartitionValues, (key, value) => $"{key}={Uri.EscapeDataString(value)}").Prepend(table.Name));
        if (_standIns.TryGetValue(path, out var standIn))
            return standIn;
        _folder ??= Directory.CreateTempSubdirectory("stockactors-plan-").FullName;
        standIn = $"{_folder}/{path}/any.parquet";
        Directory.CreateDirectory(Path.GetDirectoryName(standIn)!);
        var columns = table.Columns.Select(column => $"CAST(NULL AS {column.Type}) AS \"{column.Name}\"");
        var schema = $"{_folder}/{table.Name}.parquet";
        if (!File.Exists(schema))
            Run($"COPY (SELECT {string.Join(", ", columns)} WHERE false) TO {QueryParameter.Quoted(schema)} (FORMAT parquet)");
        File.Copy(schema, standIn);
        return _standIns[path] = standIn;
    }

    private void RequireOneStatement(string sql)
    {
        var count = NativeMethods.ExtractStatements.DuckDBExtractStatements(_database.NativeConnection, sql, out var statements);
        using (statements)
        {
            if (count == 1)
                return;
            var error = count == 0 ? NativeMethods.ExtractStatements.DuckDBExtractStatementsError(statements) : null;
            throw new QueryException(!string.IsNullOrEmpty(error) ? error
                : $"a query is one statement, not {count} (a PIVOT counts as one where it names its values with IN)");
        }
    }

    /// <summary>The partitions whose files are left in the optimised plan; <c>null</c> where DuckDB has no plan to show.</summary>
    private HashSet<(string Table, string Partition)>? Optimise(string sql)
    {
        using var command = _database.CreateCommand();
        command.CommandText = $"SELECT json_serialize_plan({QueryParameter.Quoted(sql)}, optimize := true)";
        try
        {
            using var answer = JsonDocument.Parse((string)command.ExecuteScalar()!, new JsonDocumentOptions { MaxDepth = 10_000 });
            if (answer.RootElement.GetProperty("error").GetBoolean())
            {
                RequireBound(sql, answer.RootElement);
                return null;
            }

            var touched = new HashSet<(string, string)>();
            return Collect(answer.RootElement.GetProperty("plans"), touched) ? touched : null;
        }
        catch (DuckDBException)
        {
            // Not every statement can be shown.
            return null;
        }
    }

    // An error in the query itself is told before anything is brought here for it.
    private void RequireBound(string sql, JsonElement answer)
    {
        if (answer.GetProperty("error_type").GetString() is not ("binder" or "catalog" or "parser"))
            return;
        var state = NativeMethods.PreparedStatements.DuckDBPrepare(_database.NativeConnection, sql, out var prepared);
        using (prepared)
        {
            if (state != DuckDBState.Success)
                throw new QueryException(NativeMethods.PreparedStatements.DuckDBPrepareError(prepared));
        }
    }

    /// <summary>Collects the partitions of the files that a plan names, wherever in it; <c>false</c> where it names one that is none of the lake's.</summary>
    private bool Collect(JsonElement node, HashSet<(string, string)> touched)
    {
        switch (node.ValueKind)
        {
            case JsonValueKind.Array:
                return node.EnumerateArray().All(element => Collect(element, touched));
            case JsonValueKind.Object:
                foreach (var property in node.EnumerateObject())
                {
                    if (property.NameEquals("files") && property.Value.ValueKind == JsonValueKind.Array)
                    {
                        foreach (var file in property.Value.EnumerateArray())
                        {
                            if (!_partitionOf.TryGetValue(file.GetString()!, out var partition))
                                return false;
                            touched.Add(partition);
                        }
                    }
                    else if (!Collect(property.Value, touched))
                    {
                        return false;
                    }
                }

                return true;
            default:
                return true;
        }
    }

    private void Run(string sql)
    {
        using var command = _database.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
