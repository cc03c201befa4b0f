using System.Text.Json;

namespace StockActors.Analytics.Jobs;

/// <summary>
/// The tables that jobs make, as a query engine in this process reads them: of each slot the objects that its log says are its result, and no other. With
/// them comes the table <see cref="History"/>, a row for each slot.
/// </summary>
/// <param name="lake">The lake.</param>
public sealed class JobTables(IJobLake lake)
{
    /// <summary>The table of the slots of all jobs.</summary>
    public const string History = "jobs";

    /// <summary>The most rows that <see cref="History"/> shows: the newest.</summary>
    public const int HistoryRows = 10_000;

    internal const string Folder = "_derived/";

    private static readonly Dictionary<ColumnType, string> SqlTypes = new()
    {
        [ColumnType.Text] = "VARCHAR",
        [ColumnType.Integer] = "BIGINT",
        [ColumnType.Timestamp] = "TIMESTAMP",
        [ColumnType.Decimal] = "DECIMAL(18,9)",
    };

    private readonly JobHistory _history = new(lake);
    private readonly Dictionary<(string Job, DateTimeOffset From), int> _registered = [];

    /// <summary>The columns of <see cref="History"/>.</summary>
    public static IReadOnlyList<QueryColumn> HistoryTable { get; } =
    [
        new("job", ColumnType.Text), new("slot_from", ColumnType.Timestamp), new("slot_to", ColumnType.Timestamp), new("state", ColumnType.Text),
        new("attempts", ColumnType.Integer), new("began", ColumnType.Timestamp), new("ended", ColumnType.Timestamp), new("runner", ColumnType.Text),
        new("rows", ColumnType.Integer), new("bytes", ColumnType.Integer), new("scanned", ColumnType.Integer), new("dollars", ColumnType.Decimal),
        new("target", ColumnType.Text), new("reason", ColumnType.Text),
    ];

    /// <summary>Reads them.</summary>
    /// <exception cref="JobException">A log can't be read.</exception>
    public async Task<IReadOnlyList<LakeTable>> ReadAsync(CancellationToken cancellation = default)
    {
        var slots = await _history.ReadAsync(cancellation: cancellation);
        var tables = new List<LakeTable>();
        var results = slots.Where(slot => slot.Result is not null).ToLookup(slot => (slot.Job, slot.Result!.Table));
        foreach (var table in await DefinedAsync(lake, cancellation))
        {
            tables.Add(new LakeTable(table.Name, table.Columns, table.PartitionKeys,
                [.. results[(table.Job, table.Name)].SelectMany(slot => slot.Result!.Objects.Select(o => lake.FileOf(table.Name, slot.Result!.Partition, o)))]));
        }

        var newest = slots.OrderByDescending(slot => slot.From).Take(HistoryRows).OrderBy(slot => slot.Job, StringComparer.Ordinal).ThenBy(slot => slot.From);
        tables.Add(new LakeTable(History, [.. HistoryTable.Select(column => new LakeColumn(column.Name, SqlTypes[column.Type]))], [], []) { Rows = [.. newest.Select(RowOf)] });
        return tables;
    }

    /// <summary>Partitions that <see cref="RegisterAsync"/> has registered so far.</summary>
    public int Registered => _registered.Count;

    /// <summary>Tells a catalogue that has lost them where the partitions of all tables lie; where it has not, nothing changes.</summary>
    /// <exception cref="JobException">A log can't be read.</exception>
    public async Task RegisterAsync(CancellationToken cancellation = default)
    {
        // Until nothing is new: what a runner has shown meanwhile may have been put back to what stood before it.
        for (var isNew = true; isNew;)
        {
            isNew = false;
            var tables = (await DefinedAsync(lake, cancellation)).ToDictionary(table => table.Name, StringComparer.Ordinal);
            foreach (var slot in await _history.ReadAsync(cancellation: cancellation))
            {
                // A result that is a file is of no table.
                if (slot.Result is not { } result || !tables.TryGetValue(result.Table, out var table))
                    continue;
                if (_registered.TryGetValue((slot.Job, slot.From), out var attempt) && attempt == result.Attempt)
                    continue;
                await lake.RegisterAsync(table, result.Partition, result.Location, cancellation);
                _registered[(slot.Job, slot.From)] = result.Attempt;
                isNew = true;
            }
        }
    }

    /// <summary>How a slot stands, in a word: running, finished, failed, retrying, released or skipped.</summary>
    public static string StateOf(SlotEntry slot) => slot.Kind switch
    {
        SlotEntryKind.Claim => "running",
        SlotEntryKind.Finish or SlotEntryKind.Publish => "finished",
        SlotEntryKind.Fail => slot.RetryAt is null ? "failed" : "retrying",
        SlotEntryKind.Release => "released",
        _ => "skipped",
    };

    /// <summary>The table of a name; <c>null</c> where no job has made it yet.</summary>
    internal static async Task<DerivedTable?> FindAsync(IJobLake lake, string name, CancellationToken cancellation) =>
        await lake.GetAsync(KeyOf(name), cancellation) is { } stored ? Read(name, stored.Content) : null;

    /// <summary>The table as its first job defines it.</summary>
    internal static async Task<DerivedTable> DefineAsync(IJobLake lake, DerivedTable table, CancellationToken cancellation)
    {
        await lake.PutIfAbsentAsync(KeyOf(table.Name), JsonSerializer.SerializeToUtf8Bytes(table, JobsJson.Default.DerivedTable), cancellation);
        return (await FindAsync(lake, table.Name, cancellation))!;
    }

    private static async Task<IReadOnlyList<DerivedTable>> DefinedAsync(IJobLake lake, CancellationToken cancellation)
    {
        var tables = new List<DerivedTable>();
        await foreach (var key in lake.ListAsync(Folder, cancellation))
        {
            var name = Path.GetFileNameWithoutExtension(key);
            if (await FindAsync(lake, name, cancellation) is { } table)
                tables.Add(table);
        }

        return [.. tables.OrderBy(table => table.Name, StringComparer.Ordinal)];
    }

    /// <summary>A slot's row of <see cref="History"/>.</summary>
    public static object?[] RowOf(SlotEntry slot) =>
    [
        slot.Job, slot.From.UtcDateTime, slot.To.UtcDateTime, StateOf(slot), (long)slot.Attempts, slot.Began?.UtcDateTime,
        slot.Kind == SlotEntryKind.Claim ? null : slot.At.UtcDateTime, slot.By.Split('/')[0], slot.Result?.Objects.Sum(o => o.Rows),
        slot.Result?.Objects.Sum(o => o.Bytes), slot.Result?.BytesScanned, slot.Result?.Dollars, slot.Result is { } result ? TargetOf(result) : null, slot.Reason,
    ];

    /// <summary>The table and partition, or the file, of a result.</summary>
    public static string TargetOf(SlotResult result) => result.Table.Length > 0 ? $"{result.Table}/{result.Partition}" : result.File;

    private static DerivedTable Read(string name, byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize(content, JobsJson.Default.DerivedTable) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new JobException($"What the lake says of the table {name} ({KeyOf(name)}) can't be read: {e.Message} It was damaged, or written by a newer version of this program.", e);
        }
    }

    private static string KeyOf(string table) => $"{Folder}{table}.json";
}
