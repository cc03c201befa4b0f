using System.Runtime.CompilerServices;
using System.Text.Json;
using Amazon.Glue;
using Amazon.Glue.Model;
using Amazon.Runtime;

namespace StockActors.Sinks.Storage;

/// <summary>
/// The catalogue in AWS Glue: a database for each lake, a table for each kind of tick, so that Athena, Trino and Spark read them as they stand. Which
/// database it is the lake says itself once its tables are made there; that also tells a catalogue that was lost from one that is new.
/// </summary>
internal sealed class GlueCatalogue : ICatalogue
{
    /// <summary>The most partitions that Glue takes in one call.</summary>
    private const int BatchSize = 100;

    private const string RecordKey = "_catalog/glue.json";

    private readonly IAmazonGlue _glue;
    private readonly IObjectStore _store;
    private readonly string? _asked;
    private readonly string _default;
    private readonly IReadOnlyList<LakeTable> _tables;
    private readonly AwsCalls _calls;
    private readonly SemaphoreSlim _gate = new(1);
    private string? _database;
    private HashSet<string>? _ready;

    /// <summary>Nothing is asked of the service yet.</summary>
    /// <param name="glue">The client; its own repeats are off.</param>
    /// <param name="store">The lake's objects.</param>
    /// <param name="asked">The database that the user asks for; <c>null</c> for the one that the lake has, or else the default.</param>
    /// <param name="byDefault">The database of a lake that has none.</param>
    /// <param name="tables">The tables as this build writes them.</param>
    /// <param name="options">The service's limits.</param>
    /// <param name="time">The clock.</param>
    public GlueCatalogue(
        IAmazonGlue glue, IObjectStore store, string? asked, string byDefault, IReadOnlyList<LakeTable> tables, AwsOptions options, TimeProvider time)
    {
        (_glue, _store, _asked, _default, _tables) = (glue, store, asked, byDefault, tables);
        _calls = new AwsCalls("Glue", options, time);
    }

    /// <summary>A client of Glue as the environment and the profile configure it.</summary>
    /// <exception cref="AmazonClientException">No region is configured.</exception>
    public static AmazonGlueClient Client() => new(AwsCalls.Unrepeated(new AmazonGlueConfig()));

    public async Task<string> DescribeAsync(CancellationToken cancellation)
    {
        var database = await DatabaseAsync(cancellation);
        if (await FindAsync(database, _tables[0], cancellation) is null && await RecordedAsync(cancellation) is not null)
            throw Lost(database, $"table {_tables[0].Name}");
        return $"Glue database {database}";
    }

    async Task<string?> ICatalogue.DatabaseAsync(CancellationToken cancellation) => await DatabaseAsync(cancellation);

    public Task EnsurePartitionAsync(TablePartition partition, CancellationToken cancellation) => EnsurePartitionsAsync([partition], cancellation);

    public async Task EnsurePartitionsAsync(IReadOnlyCollection<TablePartition> partitions, CancellationToken cancellation)
    {
        var database = await ReadyAsync(isRebuilt: false, [.. partitions.Select(partition => partition.Table)], cancellation);
        foreach (var group in partitions.GroupBy(partition => partition.Table))
        {
            var columns = ColumnsOf(TableOf(group.Key));
            foreach (var batch in group.Chunk(BatchSize))
                await CreateAsync(database, group.Key, columns, batch, partition => partition.FirstLocation, cancellation);
        }
    }

    public async Task<string?> LocationOfAsync(TablePartition partition, CancellationToken cancellation) =>
        await FindAsync(await DatabaseAsync(cancellation), partition, cancellation) is { } found ? KeyOf(partition, found) : null;

    public async Task SwitchAsync(TablePartition partition, string location, CancellationToken cancellation)
    {
        var database = await DatabaseAsync(cancellation);
        var found = await FindAsync(database, partition, cancellation) ?? throw Lost(database, $"partition {partition.Path} of table {partition.Table}");
        if (KeyOf(partition, found) == location)
            return;
        found.StorageDescriptor!.Location = _store.AddressOf(location);
        var request = new BatchUpdatePartitionRequest
        {
            DatabaseName = database,
            TableName = partition.Table,
            Entries =
            [
                new()
                {
                    PartitionValueList = ValuesOf(partition),
                    PartitionInput = new() { Values = ValuesOf(partition), StorageDescriptor = found.StorageDescriptor, Parameters = found.Parameters },
                },
            ],
        };
        var answer = await AskAsync(database, partition.Table, token => _glue.BatchUpdatePartitionAsync(request, token), cancellation);
        if (answer.Errors is [var error, ..])
            throw Refused(database, partition.Table, error.PartitionValueList, error.ErrorDetail);
    }

    public async Task RegisterAsync(LakeTable table, TablePartition partition, string location, CancellationToken cancellation)
    {
        var database = await DatabaseAsync(cancellation);
        await EnsureTableAsync(database, table, isWanted: true, cancellation);
        await CreateAsync(database, table.Name, ColumnsOf(table), [partition], _ => location, cancellation);
        await SwitchAsync(partition, location, cancellation);
    }

    public async IAsyncEnumerable<PartitionLocation> ListAsync(string table, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var database = await DatabaseAsync(cancellation);
        var request = new GetPartitionsRequest { DatabaseName = database, TableName = table, ExcludeColumnSchema = true };
        do
        {
            GetPartitionsResponse page;
            try
            {
                page = await AskAsync(database, table, token => _glue.GetPartitionsAsync(request, token), cancellation);
            }
            catch (EntityNotFoundException)
            {
                // Nothing was ever committed, or it is lost: whoever commits is told.
                yield break;
            }

            foreach (var found in page.Partitions ?? [])
            {
                var path = TableOf(table).PartitionKeys.Zip(found.Values ?? [], (key, value) => $"{key}={value}");
                var partition = new TablePartition(table, string.Join('/', path));
                yield return new PartitionLocation(partition, KeyOf(partition, found));
            }

            request.NextToken = page.NextToken;
        }
        while (request.NextToken is { Length: > 0 });
    }

    public Task RestoreAsync(CancellationToken cancellation) => ReadyAsync(isRebuilt: true, new HashSet<string>(), cancellation);

    /// <summary>The lake's database.</summary>
    private async Task<string> DatabaseAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _database) is { } known)
            return known;
        var recorded = (await RecordedAsync(cancellation))?.Database;
        if (_asked is not null && recorded is not null && recorded != _asked)
        {
            throw new LakeException(
                $"The lake {Lake} has its tables in the Glue database {recorded}, and --database asks for {_asked}. "
                + $"Leave --database out, or have them made there with 'stockactors catalogue rebuild --database {_asked}'.");
        }

        return _database = recorded ?? _asked ?? _default;
    }

    /// <summary>The lake's database, once its tables are there as this build writes them: those of ticks, and others that it has or that are named.</summary>
    private async Task<string> ReadyAsync(bool isRebuilt, HashSet<string> named, CancellationToken cancellation)
    {
        if (Volatile.Read(ref _ready)?.IsSupersetOf(named) == true && !isRebuilt)
            return _database!;
        await _gate.WaitAsync(cancellation);
        try
        {
            if (_ready?.IsSupersetOf(named) == true && !isRebuilt)
                return _database!;
            var recorded = await RecordedAsync(cancellation);
            var database = isRebuilt ? _asked ?? recorded?.Database ?? _default : await DatabaseAsync(cancellation);
            var known = recorded?.Tables ?? [];
            var tables = _tables.Where(table => !table.IsOnDemand || named.Contains(table.Name) || known.Contains(table.Name)).ToList();
            foreach (var table in tables)
                await EnsureTableAsync(database, table, isWanted: isRebuilt || !known.Contains(table.Name), cancellation);
            var record = new Record(database, [.. known.Union(tables.Select(table => table.Name)).Order(StringComparer.Ordinal)]);
            if (recorded?.Database != record.Database || !recorded.Tables.SequenceEqual(record.Tables))
                await _store.PutAsync(RecordKey, JsonSerializer.SerializeToUtf8Bytes(record, LakeJson.Default.Record), cancellation);
            _database = database;
            _ready = tables.Select(table => table.Name).ToHashSet();
            return database;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<Record?> RecordedAsync(CancellationToken cancellation)
    {
        if (await _store.GetAsync(RecordKey, cancellation) is not { } stored)
            return null;
        try
        {
            return JsonSerializer.Deserialize(stored.Content, LakeJson.Default.Record);
        }
        catch (JsonException e)
        {
            throw new LakeException(
                $"{_store.AddressOf(RecordKey)} does not say which database the lake has: {e.Message} Delete it and run 'stockactors catalogue rebuild --lake {Lake}'.", e);
        }
    }

    private async Task EnsureTableAsync(string database, LakeTable table, bool isWanted, CancellationToken cancellation)
    {
        while (true)
        {
            if (await FindAsync(database, table, cancellation) is not { } found)
            {
                if (!isWanted)
                    throw Lost(database, $"table {table.Name}");
                await CreateAsync(database, table, cancellation);
                continue;
            }

            if (Changed(database, table, found) is not { } changed)
                return;
            try
            {
                var request = new UpdateTableRequest { DatabaseName = database, TableInput = changed, VersionId = found.VersionId };
                await AskAsync(database, table.Name, token => _glue.UpdateTableAsync(request, token), cancellation);
            }
            catch (Exception e) when (e is ConcurrentModificationException or EntityNotFoundException)
            {
                // Another has changed the table since it was read; it is looked at again.
            }
        }
    }

    private async Task<Table?> FindAsync(string database, LakeTable table, CancellationToken cancellation)
    {
        try
        {
            return (await AskAsync(database, table.Name, token => _glue.GetTableAsync(new() { DatabaseName = database, Name = table.Name }, token), cancellation)).Table;
        }
        catch (EntityNotFoundException)
        {
            return null;
        }
    }

    private async Task CreateAsync(string database, LakeTable table, CancellationToken cancellation)
    {
        try
        {
            var input = new DatabaseInput { Name = database, Description = $"Ticks of the lake {Lake}", LocationUri = _store.AddressOf("") };
            await AskAsync(database, table.Name, token => _glue.CreateDatabaseAsync(new() { DatabaseInput = input }, token), cancellation);
        }
        catch (AlreadyExistsException)
        {
            // As it should.
        }

        try
        {
            await AskAsync(database, table.Name, token => _glue.CreateTableAsync(new() { DatabaseName = database, TableInput = InputOf(table) }, token), cancellation);
        }
        catch (AlreadyExistsException)
        {
            // Another was quicker, or the answer to an earlier call was lost.
        }
    }

    /// <summary>What is to become of a table that stands; <c>null</c> where it is as it should be. It only ever gets more columns.</summary>
    private TableInput? Changed(string database, LakeTable table, Table found)
    {
        var location = found.StorageDescriptor?.Location;
        if (location?.TrimEnd('/') != LocationOf(table).TrimEnd('/'))
        {
            throw new LakeException(
                $"The Glue table {database}.{table.Name} belongs to another lake: it lies at {location}, and this lake's at {LocationOf(table)}. "
                + "Name another database with --database.");
        }

        var columns = found.StorageDescriptor!.Columns ?? [];
        var types = columns.ToDictionary(column => column.Name!, column => column.Type!, StringComparer.Ordinal);
        var missing = new List<Column>();
        foreach (var column in ColumnsOf(table))
        {
            if (!types.TryGetValue(column.Name!, out var type))
            {
                missing.Add(column);
            }
            else if (type != column.Type)
            {
                throw new LakeException(
                    $"Column {column.Name} of the Glue table {database}.{table.Name} is {type}, and this build writes {column.Type}. "
                    + "Another program has changed it: change it back.");
            }
        }

        if (missing.Count == 0)
            return null;
        var changed = InputOf(table);
        changed.StorageDescriptor!.Columns = [.. columns, .. missing];
        foreach (var (name, value) in found.Parameters ?? [])
            changed.Parameters![name] = value;
        return changed;
    }

    private async Task CreateAsync(
        string database, string table, List<Column> columns, TablePartition[] partitions, Func<TablePartition, string> locationOf, CancellationToken cancellation)
    {
        var request = new BatchCreatePartitionRequest
        {
            DatabaseName = database,
            TableName = table,
            PartitionInputList = [.. partitions.Select(p => new PartitionInput { Values = ValuesOf(p), StorageDescriptor = Storage(columns, locationOf(p)) })],
        };
        try
        {
            var answer = await AskAsync(database, table, token => _glue.BatchCreatePartitionAsync(request, token), cancellation);
            var refused = answer.Errors?.FirstOrDefault(error => error.ErrorDetail?.ErrorCode != nameof(AlreadyExistsException));
            if (refused is not null)
                throw Refused(database, table, refused.PartitionValues, refused.ErrorDetail);
        }
        catch (EntityNotFoundException)
        {
            throw Lost(database, $"table {table}");
        }
    }

    private async Task<Partition?> FindAsync(string database, TablePartition partition, CancellationToken cancellation)
    {
        var request = new GetPartitionRequest { DatabaseName = database, TableName = partition.Table, PartitionValues = ValuesOf(partition) };
        try
        {
            return (await AskAsync(database, partition.Table, token => _glue.GetPartitionAsync(request, token), cancellation)).Partition;
        }
        catch (EntityNotFoundException)
        {
            return null;
        }
    }

    private Task<T> AskAsync<T>(string database, string table, Func<CancellationToken, Task<T>> call, CancellationToken cancellation) => _calls.RepeatAsync(
        $"The Glue table {database}.{table}",
        call,
        e => e is EntityNotFoundException or AlreadyExistsException or ConcurrentModificationException,
        cancellation);

    private TableInput InputOf(LakeTable table) => new()
    {
        Name = table.Name,
        TableType = "EXTERNAL_TABLE",
        PartitionKeys = [.. table.PartitionKeys.Select(key => new Column { Name = key, Type = "string" })],
        Parameters = new() { ["EXTERNAL"] = "TRUE", ["classification"] = "parquet" },
        StorageDescriptor = Storage(ColumnsOf(table), table.Location),
    };

    private StorageDescriptor Storage(List<Column> columns, string location) => new()
    {
        Columns = columns,
        Location = _store.AddressOf(location),
        Compressed = false,
        NumberOfBuckets = 0,
        StoredAsSubDirectories = false,
        InputFormat = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        OutputFormat = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        SerdeInfo = new()
        {
            SerializationLibrary = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
            Parameters = new() { ["serialization.format"] = "1" },
        },
    };

    private string Lake => _store.AddressOf("").TrimEnd('/');

    private string LocationOf(LakeTable table) => _store.AddressOf(table.Location);

    private string KeyOf(TablePartition partition, Partition found)
    {
        var (root, location) = (_store.AddressOf(""), found.StorageDescriptor?.Location);
        if (location is null || !location.StartsWith(root, StringComparison.Ordinal))
        {
            throw new LakeException(
                $"Partition {partition.Path} of the Glue table {partition.Table} lies at {location}, which is not in the lake {root}. "
                + "Another program has changed it: change it back, or drop it and run 'stockactors catalogue rebuild'.");
        }

        return location[root.Length..].TrimEnd('/') + '/';
    }

    private LakeTable TableOf(string name) => _tables.First(table => table.Name == name);

    private static List<Column> ColumnsOf(LakeTable table) => [.. table.Columns.Select(column => new Column { Name = column.Name, Type = TypeOf(column.SqlType) })];

    private static string TypeOf(string sqlType) => sqlType switch
    {
        "INTEGER" => "int",
        "VARCHAR" => "string",
        _ => sqlType.ToLowerInvariant(),
    };

    private static List<string> ValuesOf(TablePartition partition) => [.. partition.Values.Select(value => value.Value)];

    private LakeException Lost(string database, string what) => new(
        $"The {what} is gone from the Glue database {database} of the lake {Lake}. Make the catalogue again with "
        + $"'stockactors catalogue rebuild --lake {Lake}': nothing else is lost.");

    private static LakeException Refused(string database, string table, List<string>? values, ErrorDetail? error) => new(
        $"Glue does not take partition ({string.Join(", ", values ?? [])}) of {database}.{table}: {error?.ErrorCode}: {error?.ErrorMessage}");

    /// <summary>What the lake says of its catalogue.</summary>
    /// <param name="Database">The database.</param>
    /// <param name="Tables">The tables that were made in it: one that is not there any more is lost, another is new.</param>
    internal sealed record Record(string Database, IReadOnlyList<string> Tables);
}
