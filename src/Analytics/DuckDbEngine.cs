using DuckDB.NET.Data;

namespace StockActors.Analytics;

/// <summary>
/// SQL on this machine: an in-memory DuckDB, in which each query has views of its own over those of the lake's committed Parquet files that its filters on
/// partition keys leave; no others are opened, nor brought here from a lake elsewhere. It holds no rows; it downloads no extensions; its settings are
/// locked; no query changes what another one sees.
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
    private readonly LakePlanner _planner;
    private readonly SemaphoreSlim _gate = new(1);
    private int _queries;

    /// <summary>Opens the engine; it reads nothing of the lake yet.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="options">What it may use; DuckDB's defaults where <c>null</c>.</param>
    /// <param name="time">Measures durations; the system's where <c>null</c>.</param>
    /// <exception cref="QueryException">DuckDB refuses an option.</exception>
    public DuckDbEngine(ILakeTables lake, DuckDbOptions? options = null, TimeProvider? time = null)
    {
        _lake = lake;
        _planner = new LakePlanner(lake.IsRemote);
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
            Run($"SET temp_directory = {QueryParameter.Quoted(options.SpillDirectory ?? "")}");
            if (options.MemoryLimit is { } bytes)
                Run($"SET memory_limit = '{bytes}B'");
            if (options.Threads is { } threads)
                Run($"SET threads = {threads}");
            Run("SET lock_configuration = true");
        }
        catch (DuckDBException e)
        {
            _database.Dispose();
            _planner.Dispose();
            throw new QueryException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public SqlDialect Dialect => SqlDialect.DuckDb;

    /// <inheritdoc/>
    public async Task<IQueryResult> ExecuteAsync(string sql, CancellationToken cancellation = default)
    {
        var started = _time.GetTimestamp();
        var schema = $"q{Interlocked.Increment(ref _queries)}";
        DuckDBConnection? connection = null;
        IDisposable? held = null;
        try
        {
            var plan = await PlanAsync(sql, cancellation);
            var files = plan.Tables.SelectMany(table => table.Files).ToList();
            held = await _lake.HoldAsync(files, cancellation);
            connection = await Task.Run(() => Connect(schema, plan.Tables), cancellation);
            return await DuckDbResult.OpenAsync(connection, schema, sql, new QueryCost(files.Sum(file => file.Bytes)), (outcome, rows, cost) =>
            {
                held?.Dispose();
                AnalyticsMetrics.Ended(EngineName, outcome, rows, cost, _time.GetElapsedTime(started));
            }, cancellation);
        }
        catch (Exception e)
        {
            if (connection is not null)
                DuckDbResult.Forget(connection, schema);
            held?.Dispose();
            var outcome = e is OperationCanceledException ? QueryOutcome.Stopped : QueryOutcome.Failed;
            AnalyticsMetrics.Ended(EngineName, outcome, 0, null, _time.GetElapsedTime(started));
            if (e is DuckDBException)
                throw new QueryException(e.Message, e);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<QueryPlan> ExplainAsync(string sql, CancellationToken cancellation = default)
    {
        var all = await _lake.ReadAsync(cancellation);
        var plan = await PlanAsync(sql, all, cancellation);
        return new QueryPlan(plan.IsKnown ? [.. plan.Tables.Zip(all, (read, table) => TableScan.Of(table, read.Files)).Where(scan => scan.Files > 0)] : null, Text: "", Dollars: 0);
    }

    /// <summary>Closes the engine; results that are still open stay readable.</summary>
    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        _planner.Dispose();
        _database.Dispose();
        _gate.Dispose();
    }

    private async Task<LakePlan> PlanAsync(string sql, CancellationToken cancellation) => await PlanAsync(sql, await _lake.ReadAsync(cancellation), cancellation);

    private async Task<LakePlan> PlanAsync(string sql, IReadOnlyList<LakeTable> tables, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => _planner.Plan(tables, sql), cancellation);
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

    /// <summary>A connection that sees the tables as views of a schema of its own.</summary>
    private DuckDBConnection Connect(string schema, IReadOnlyList<LakeTable> tables)
    {
        DuckDBConnection connection;
        lock (_database)
            connection = _database.Duplicate();
        try
        {
            connection.Open();
            using (var transaction = connection.BeginTransaction())
            {
                Run(connection, $"CREATE SCHEMA {schema}");
                Run(connection, $"USE {schema}");
                foreach (var table in tables)
                    Run(connection, LakeViews.Create(table));
                transaction.Commit();
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Run(string sql) => Run(_database, sql);

    private static void Run(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
