using System.Globalization;
using DuckDB.NET.Data;
using StockActors.Analytics;
using StockActors.Market;

namespace StockActors.Node.Tests;

/// <summary>A lake's tables in a temporary folder, with the ticks that a test gives them: a file a table and partition, as DuckDB writes it.</summary>
internal sealed class DayLake : ILakeTables, IDisposable
{
    private readonly DuckDBConnection _writer = new("DataSource=:memory:");
    private readonly string _folder = Directory.CreateTempSubdirectory("day-").FullName;
    private readonly Dictionary<string, List<LakeFile>> _files = [];

    public DayLake()
    {
        _writer.Open();
        foreach (var table in Sinks.LakeTable.All)
            Run($"create table {table.Name} ({string.Join(", ", table.Columns.Select(column => $"\"{column.Name}\" {column.SqlType}"))}, part varchar)");
    }

    public bool IsRemote => false;

    /// <summary>Adds a trade, quote or change of status; what is not given is null.</summary>
    public void Add(string table, string symbol, long at, long? sequence, string run, string source, params (string Column, string Sql)[] values)
    {
        var names = string.Concat(values.Select(value => $", {value.Column}"));
        var given = string.Concat(values.Select(value => $", {value.Sql}"));
        Run($"""
            insert into {table} (symbol, ts_event, sequence, run_id, source, part{names})
            values ('{symbol}', {at}, {sequence?.ToString(CultureInfo.InvariantCulture) ?? "null"}, '{run}', '{source}', '{Partition(table, at)}'{given})
            """);
    }

    public void Dispose()
    {
        _writer.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public ValueTask<IReadOnlyList<LakeTable>> ReadAsync(CancellationToken cancellation)
    {
        if (_files.Count == 0)
            Write();
        return new([.. Sinks.LakeTable.All.Select(table => new LakeTable(
            table.Name, [.. table.Columns.Select(column => new LakeColumn(column.Name, column.SqlType))], table.PartitionKeys, _files[table.Name]))]);
    }

    public ValueTask<IDisposable?> HoldAsync(IReadOnlyList<LakeFile> files, CancellationToken cancellation) => new((IDisposable?)null);

    private void Write()
    {
        foreach (var table in Sinks.LakeTable.All)
        {
            _files[table.Name] = [];
            var partitions = new List<string>();
            using (var command = _writer.CreateCommand())
            {
                command.CommandText = $"select distinct part from {table.Name}";
                using var reader = command.ExecuteReader();
                while (reader.Read())
                    partitions.Add(reader.GetString(0));
            }

            foreach (var partition in partitions)
            {
                var file = $"{_folder}/{table.Name}/{partition}/rows.parquet";
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                Run($"copy (select * exclude (part) from {table.Name} where part = '{partition}') to '{file}' (format parquet)");
                _files[table.Name].Add(new LakeFile(file, [.. partition.Split('/').Select(part => part.Split('=')[1])]));
            }
        }
    }

    private static string Partition(string table, long at) => table == "bars"
        ? string.Create(CultureInfo.InvariantCulture, $"interval=1d/dt={UnixNanos.ToDate(at):yyyy}")
        : string.Create(CultureInfo.InvariantCulture, $"dt={UnixNanos.ToDate(at):yyyy-MM-dd}/hour={UnixNanos.HourOf(at):00}");

    private void Run(string sql)
    {
        using var command = _writer.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
