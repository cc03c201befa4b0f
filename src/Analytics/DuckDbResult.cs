using System.Numerics;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace StockActors.Analytics;

/// <summary>A query that runs on a connection of its own, which it owns from its opening on.</summary>
internal sealed class DuckDbResult : IQueryResult
{
    // The rows of DuckDB's own vectors.
    private const int PageRows = 2048;

    private readonly DuckDBConnection _connection;
    private readonly DuckDBCommand _command;
    private readonly DuckDBDataReader _reader;
    private readonly string _schema;
    private readonly Action<QueryOutcome, long, QueryCost> _ended;
    private readonly Func<DuckDBDataReader, int, object>[] _cells;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lazy<Task> _disposal;
    private QueryOutcome _outcome;
    private long _rows;

    private DuckDbResult(
        DuckDBConnection connection, string schema, DuckDBCommand command, DuckDBDataReader reader, QueryColumn[] columns, QueryCost cost, Action<QueryOutcome, long, QueryCost> ended)
    {
        (_connection, _schema, _command, _reader, Columns, Cost, _ended) = (connection, schema, command, reader, columns, cost, ended);
        _disposal = new Lazy<Task>(CloseAsync);
        _cells = columns.Select((column, i) => CellOf(column.Type, reader.GetDataTypeName(i))).ToArray();
    }

    public IReadOnlyList<QueryColumn> Columns { get; }

    public QueryCost Cost { get; }

    /// <summary>Begins a query.</summary>
    /// <param name="connection">Its connection; the result's own once this succeeds.</param>
    /// <param name="schema">Where its tables are; dropped with it.</param>
    /// <param name="sql">One statement.</param>
    /// <param name="cost">What it reads.</param>
    /// <param name="ended">Called once, when the result is disposed of: how it ended, how many rows were read, and what they have cost.</param>
    /// <param name="cancellation">Stops it.</param>
    public static async Task<DuckDbResult> OpenAsync(
        DuckDBConnection connection, string schema, string sql, QueryCost cost, Action<QueryOutcome, long, QueryCost> ended, CancellationToken cancellation)
    {
        using (var begin = connection.CreateCommand())
        {
            begin.CommandText = "BEGIN TRANSACTION READ ONLY";
            begin.ExecuteNonQuery();
        }

        var (command, reader) = await StartAsync(connection, sql, cancellation);
        var types = Enumerable.Range(0, reader.FieldCount).Select(reader.GetDataTypeName).ToArray();
        var columns = types.Select((type, i) => new QueryColumn(reader.GetName(i), TypeOf(type))).ToArray();
        if (types.Any(IsOpaque))
        {
            // The driver can't read these as they are (a null within a list, an interval of months, nanoseconds): DuckDB spells them out itself.
            await reader.DisposeAsync();
            await command.DisposeAsync();
            var names = types.Select((_, i) => $"c{i}");
            var values = types.Select((type, i) => IsOpaque(type) ? $"CAST(c{i} AS VARCHAR)" : $"c{i}");
            var inner = sql.TrimEnd(' ', '\t', '\r', '\n', ';');
            (command, reader) = await StartAsync(
                connection, $"SELECT {string.Join(", ", values)} FROM (\n{inner}\n) AS q({string.Join(", ", names)})", cancellation);
        }

        return new DuckDbResult(connection, schema, command, reader, columns, cost, ended);
    }

    public async ValueTask<IReadOnlyList<object?[]>?> ReadPageAsync(CancellationToken cancellation = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, cancellation);
        await _gate.WaitAsync(stop.Token);
        try
        {
            if (_outcome == QueryOutcome.Completed)
                return null;
            var page = await RunAsync(_command, ReadPage, stop.Token);
            _rows += page.Count;
            if (page.Count < PageRows)
                _outcome = QueryOutcome.Completed;
            return page.Count == 0 ? null : page;
        }
        catch (Exception e)
        {
            if (e is not OperationCanceledException)
                _outcome = QueryOutcome.Failed;

            // A stream of DuckDB's that has failed looks like one that has ended to whoever reads on.
            await _stop.CancelAsync();
            throw;
        }
        finally
        {
            _gate.Release();
        }
    }

    public ValueTask DisposeAsync() => new(_disposal.Value);

    private async Task CloseAsync()
    {
        await _stop.CancelAsync();
        await _gate.WaitAsync();
        await Task.Run(() =>
        {
            _reader.Dispose();
            _command.Dispose();
            Forget(_connection, _schema);
        });
        _gate.Release();
        _ended(_outcome, _rows, Cost);
    }

    /// <summary>Closes a query's connection, and drops its views.</summary>
    public static void Forget(DuckDBConnection connection, string schema)
    {
        foreach (var sql in new[] { "ROLLBACK", $"DROP SCHEMA IF EXISTS {schema} CASCADE" })
        {
            try
            {
                using var command = connection.CreateCommand();
                command.CommandText = sql;
                command.ExecuteNonQuery();
            }
            catch (DuckDBException)
            {
                // A transaction that has failed is rolled back already; views that stay behind are nobody's, and cost nothing.
            }
        }

        connection.Dispose();
    }

    private static async Task<(DuckDBCommand Command, DuckDBDataReader Reader)> StartAsync(
        DuckDBConnection connection, string sql, CancellationToken cancellation)
    {
        var command = connection.CreateCommand();
        try
        {
            command.CommandText = sql;
            command.UseStreamingMode = true;
            return (command, await RunAsync(command, command.ExecuteReader, cancellation));
        }
        catch
        {
            await command.DisposeAsync();
            throw;
        }
    }

    /// <summary>Does blocking work with a command on the pool; where it is cancelled, it ends only when the work has ended.</summary>
    internal static async Task<T> RunAsync<T>(DuckDBCommand command, Func<T> work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var running = Task.Run(work, CancellationToken.None);
        try
        {
            return await running.WaitAsync(cancellation);
        }
        catch (DuckDBException e)
        {
            throw new QueryException(e.Message, e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            // One of the query's threads has failed, and another that was stopped for it was heard first.
            throw new QueryException("DuckDB has stopped the query for an error in it, and does not say which. Ask again.", e);
        }
        catch (OperationCanceledException)
        {
            // DuckDB forgets an interrupt that comes just before a statement begins, so one is not enough.
            while (!running.IsCompleted)
            {
                command.Cancel();
                await Task.WhenAny(running, Task.Delay(TimeSpan.FromMilliseconds(5), CancellationToken.None));
            }

            if (running is { IsCompletedSuccessfully: true, Result: IDisposable unwanted })
                unwanted.Dispose();
            _ = running.Exception;
            throw;
        }
    }

    private List<object?[]> ReadPage()
    {
        var page = new List<object?[]>();
        while (page.Count < PageRows && _reader.Read())
        {
            var row = new object?[_cells.Length];
            for (var i = 0; i < row.Length; i++)
            {
                try
                {
                    row[i] = _reader.IsDBNull(i) ? null : _cells[i](_reader, i);
                }
                catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException or InvalidOperationException)
                {
                    throw new QueryException(
                        $"column {Columns[i].Name}, row {_rows + page.Count + 1}: {e.Message} Cast the column to VARCHAR, or to a narrower type.", e);
                }
            }

            page.Add(row);
        }

        return page;
    }

    private static ColumnType TypeOf(string engineType) => engineType switch
    {
        nameof(DuckDBType.Boolean) => ColumnType.Boolean,
        nameof(DuckDBType.TinyInt) or nameof(DuckDBType.SmallInt) or nameof(DuckDBType.Integer) or nameof(DuckDBType.BigInt)
            or nameof(DuckDBType.UnsignedTinyInt) or nameof(DuckDBType.UnsignedSmallInt) or nameof(DuckDBType.UnsignedInteger)
            => ColumnType.Integer,
        nameof(DuckDBType.UnsignedBigInt) or nameof(DuckDBType.HugeInt) or nameof(DuckDBType.UnsignedHugeInt) => ColumnType.HugeInteger,
        nameof(DuckDBType.Decimal) => ColumnType.Decimal,
        nameof(DuckDBType.Float) or nameof(DuckDBType.Double) => ColumnType.Double,
        nameof(DuckDBType.Timestamp) or nameof(DuckDBType.TimestampS) or nameof(DuckDBType.TimestampMs) or nameof(DuckDBType.TimestampTz)
            => ColumnType.Timestamp,
        nameof(DuckDBType.Date) => ColumnType.Date,
        _ => ColumnType.Text,
    };

    private static bool IsOpaque(string type) =>
        type is not (nameof(DuckDBType.Varchar) or nameof(DuckDBType.Enum)) && TypeOf(type) == ColumnType.Text;

    private static Func<DuckDBDataReader, int, object> CellOf(ColumnType type, string engineType) => type switch
    {
        ColumnType.Boolean => (reader, i) => reader.GetBoolean(i),
        ColumnType.Integer when engineType == nameof(DuckDBType.BigInt) => (reader, i) => reader.GetInt64(i),
        ColumnType.Integer => (reader, i) => Convert.ToInt64(reader.GetValue(i)),
        ColumnType.HugeInteger when engineType == nameof(DuckDBType.UnsignedBigInt) => (reader, i) => (BigInteger)reader.GetFieldValue<ulong>(i),
        ColumnType.HugeInteger => (reader, i) => reader.GetFieldValue<BigInteger>(i),
        ColumnType.Decimal => (reader, i) => Exact(reader.GetFieldValue<DuckDBDecimal>(i)),
        ColumnType.Double => (reader, i) => Convert.ToDouble(reader.GetValue(i)),
        ColumnType.Timestamp => (reader, i) => DateTime.SpecifyKind(reader.GetDateTime(i), DateTimeKind.Utc),
        ColumnType.Date => (reader, i) => reader.GetFieldValue<DateOnly>(i),
        _ => (reader, i) => reader.GetString(i),
    };

    // The driver's own conversion rounds away what does not fit; here it either fits or is an error.
    private static decimal Exact(DuckDBDecimal value)
    {
        var digits = new Int128((ulong)value.Value.Upper, value.Value.Lower);
        var scale = value.Scale;
        var magnitude = (UInt128)Int128.Abs(digits);
        for (; (magnitude >> 96 != 0 || scale > 28) && scale > 0 && magnitude % 10 == 0; scale--)
            magnitude /= 10;
        if (magnitude >> 96 != 0 || scale > 28)
            throw new OverflowException($"The value has more digits than a decimal holds (28), of DECIMAL({value.Width},{value.Scale}).");
        return new decimal((int)(uint)magnitude, (int)(uint)(magnitude >> 32), (int)(uint)(magnitude >> 64), digits < 0, scale);
    }
}
