using DuckDB.NET.Data;

namespace StockActors.Analytics.Tests;

/// <summary>A lake in a temporary folder, whose files DuckDB itself has written, with the columns of the tick tables that matter here.</summary>
internal sealed class TempLake : ILakeTables, IDisposable
{
    public static readonly string[] DtHour = ["dt", "hour"];

    private static readonly LakeColumn[] Common =
    [
        new("symbol", "VARCHAR"), new("ts_event", "BIGINT"), new("ts", "TIMESTAMP"), new("sequence", "BIGINT"), new("run_id", "VARCHAR"), new("source", "VARCHAR"),
    ];

    private static readonly Dictionary<string, (LakeColumn[] Columns, string[] Keys)> Schema = new()
    {
        ["trades"] = ([.. Common, new("price", "DECIMAL(18,9)"), new("size", "BIGINT"), new("bid_ct", "INTEGER")], DtHour),
        ["quotes"] = ([.. Common, new("bid_px", "DECIMAL(18,9)"), new("bid_sz", "BIGINT")], DtHour),
        ["status"] = ([.. Common, new("action", "VARCHAR"), new("is_trading", "BOOLEAN")], DtHour),
        ["bars"] = ([.. Common, new("close", "DECIMAL(18,9)"), new("volume", "BIGINT")], ["interval", "dt"]),
    };

    private readonly DuckDBConnection _writer = new("DataSource=:memory:");
    private readonly string _folder = Directory.CreateTempSubdirectory("lake-").FullName;
    private IReadOnlyList<LakeTable> _tables = Schema.Select(table => new LakeTable(table.Key, table.Value.Columns, table.Value.Keys, [])).ToList();
    private int _files;

    public TempLake(string root = "it's a lake")
    {
        Root = $"{_folder}/{root}";
        _writer.Open();
    }

    public string Root { get; }

    public ValueTask<IReadOnlyList<LakeTable>> ReadAsync(CancellationToken cancellation) => new(Volatile.Read(ref _tables));

    public void Dispose()
    {
        _writer.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Writes a file of trades or quotes with sequences from, from + 1, …, and does not commit it.</summary>
    public LakeFile Write(string table, string dt, string hour, int from, int rows)
    {
        var path = $"{Root}/{table}/dt={dt}/hour={hour}/{_files++:D6}.parquet";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var values = table == "trades" ? "1.5::DECIMAL(18,9) AS price, i AS size, 1::INTEGER AS bid_ct" : "1.5::DECIMAL(18,9) AS bid_px, i AS bid_sz";
        Copy($"""
            SELECT 'S' || (i % 7) AS symbol, i AS ts_event, make_timestamp(i * 1000) AS ts, i AS "sequence", 'r' AS run_id, 'sim' AS source, {values}
            FROM range({from}, {from + rows}) AS t(i)
            """, path);
        return new LakeFile(path, [dt, hour], rows, new FileInfo(path).Length);
    }

    public void Copy(string select, string path)
    {
        using var command = _writer.CreateCommand();
        var temporary = $"{_folder}/new.parquet";
        command.CommandText = $"COPY ({select}) TO '{temporary}' (FORMAT parquet, COMPRESSION zstd)";
        command.ExecuteNonQuery();

        // A COPY's target may be a pattern too; a file system takes any name as it is.
        File.Move(temporary, path);
    }

    /// <summary>Adds files to tables in one step.</summary>
    public void Commit(params (string Table, LakeFile File)[] files) =>
        Volatile.Write(ref _tables, _tables.Select(table => table with
        {
            Files = [.. table.Files, .. files.Where(added => added.Table == table.Name).Select(added => added.File)],
        }).ToList());

    public void Add(string table, string dt, string hour, int from, int rows) => Commit((table, Write(table, dt, hour, from, rows)));
}
