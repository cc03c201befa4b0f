using DuckDB.NET.Data;

namespace StockActors.Analytics;

/// <summary>
/// SQL on this machine: an in-memory DuckDB whose views stand over the lake's committed Parquet files. It holds no rows; it downloads
/// nothing (extensions are neither installed nor loaded on their own); its settings are locked; no query changes what another one sees.
/// </summary>
/// <remarks>
/// One statement a query, in a read-only transaction on a connection of its own. Timestamps are UTC. Queries take threads of the pool while
/// they work, one each, so whoever asks limits their number (<see cref="AnalyticsActor"/> does).
/// </remarks>
public sealed class DuckDbEngine : IQueryEngine, IAsyncDisposable
{
    private const string EngineName = "duckdb";

    private readonly ILakeTables _lake;
    private readonly TimeProvider _time;
    private readonly DuckDBConnection _database = new("DataSource=:memory:");
    private readonly Dictionary<string, string> _views = [];
    private readonly SemaphoreSlim _gate = new(1);
    private IReadOnlyList<LakeTable>? _tables;

    /// <summary>Opens the engine; it reads nothing of the lake yet.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="options">What it may use; DuckDB's defaults where <c>null</c>.</param>
    /// <param name="time">Measures durations; the system's where <c>null</c>.</param>
    /// <exception cref="QueryException">DuckDB refuses an option.</exception>
    public DuckDbEngine(ILakeTables lake, DuckDbOptions? options = null, TimeProvider? time = null)
    {
        _lake = lake;
        _time = time ?? TimeProvider.System;
        options ??= new DuckDbOptions();
        _database.Open();
        try
        {
            Run("SET autoinstall_known_extensions = false");
            Run("SET autoload_known_extensions = false");
            Run("SET GLOBAL TimeZone = 'UTC'");
            if (options.SpillDirectory is { } spill)
                Directory.CreateDirectory(spill);
            Run($"SET temp_directory = '{options.SpillDirectory?.Replace("'", "''")}'");
            if (options.MemoryLimit is { } bytes)
                Run($"SET memory_limit = '{bytes}B'");
            if (options.Threads is { } threads)
                Run($"SET threads = {threads}");
            Run("SET lock_configuration = true");
        }
        catch (DuckDBException e)
        {
            _database.Dispose();
            throw new QueryException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public SqlDialect Dialect => SqlDialect.DuckDb;

    /// <inheritdoc/>
    public async Task<IQueryResult> ExecuteAsync(string sql, CancellationToken cancellation = default)
    {
        var started = _time.GetTimestamp();
        DuckDBConnection? connection = null;
        try
        {
            connection = await ConnectAsync(cancellation);
            return await DuckDbResult.OpenAsync(
                connection, sql, (outcome, rows) => AnalyticsMetrics.Ended(EngineName, outcome, rows, _time.GetElapsedTime(started)), cancellation);
        }
        catch (Exception e)
        {
            connection?.Dispose();
            var outcome = e is OperationCanceledException ? QueryOutcome.Stopped : QueryOutcome.Failed;
            AnalyticsMetrics.Ended(EngineName, outcome, 0, _time.GetElapsedTime(started));
            throw;
        }
    }

    /// <summary>Closes the engine; results that are still open stay readable.</summary>
    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        _database.Dispose();
        _gate.Dispose();
    }

    private async Task<DuckDBConnection> ConnectAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            var tables = await _lake.ReadAsync(cancellation);
            return await Task.Run(() =>
            {
                if (!ReferenceEquals(tables, _tables))
                    Refresh(tables);
                _tables = tables;
                var connection = _database.Duplicate();
                connection.Open();
                return connection;
            }, cancellation);
        }
        catch (DuckDBException e)
        {
            throw new QueryException(e.Message, e);
        }
        finally
        {
            _gate.Release();
        }
    }

    // In one transaction, so that no query sees one table before a commit to the lake and another after it.
    private void Refresh(IReadOnlyList<LakeTable> tables)
    {
        var changed = new List<(string Table, string View)>();
        foreach (var table in tables)
        {
            var view = LakeViews.Create(table);
            if (_views.GetValueOrDefault(table.Name) != view)
                changed.Add((table.Name, view));
        }

        if (changed.Count == 0)
            return;
        using var transaction = _database.BeginTransaction();
        foreach (var (_, view) in changed)
            Run(view);
        transaction.Commit();
        foreach (var (table, view) in changed)
            _views[table] = view;
    }

    private void Run(string sql)
    {
        using var command = _database.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
