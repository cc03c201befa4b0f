using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace StockActors.Analytics.Jobs;

/// <summary>
/// Runs slots, so that each has one result whoever runs it, how many at once, and wherever they die. An attempt is claimed by an entry of the slot's log,
/// writes objects that no other attempt writes, and becomes the slot's result by the very next entry, which lists them. Whoever takes a slot over claims
/// that entry: what the one before makes then is never seen.
/// </summary>
/// <param name="lake">The lake.</param>
/// <param name="source">Makes the rows.</param>
/// <param name="node">What this node is called, for people.</param>
/// <param name="isScheduled">Whether this is the cluster's one runner, rather than somebody by hand.</param>
/// <param name="time">The clock.</param>
public sealed partial class SlotRunner(IJobLake lake, IJobSource source, string node, bool isScheduled, TimeProvider time)
{
    /// <summary>How many attempts beyond those that a job allows its runners may be lost in before a slot is given up: it is what kills them.</summary>
    public const int LostRunners = 10;

    private const int DoublingsAtMost = 10;
    private const int DefaultRowsPerObject = 500_000;
    private const decimal LargestDecimal = 79_228_162_514_264_337_593m;
    private const string DecimalType = "DECIMAL(29,9)";

    private static readonly TimeSpan WriteMargin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(5);

    private readonly string _by = $"{node}/{Guid.NewGuid():N}";

    /// <summary>Rows of an object of a table; the rows of one are held at a time.</summary>
    public int RowsPerObject { get; init; } = DefaultRowsPerObject;

    /// <summary>Whether an entry is this runner's own.</summary>
    public bool IsMine(SlotEntry entry) => entry.By.StartsWith(_by, StringComparison.Ordinal);

    /// <summary>Runs a slot, or publishes the result that it has.</summary>
    /// <param name="job">The job.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="again">Whether it is run although it has a result, which stands until there is another.</param>
    /// <param name="takeOver">Whether it is run although somebody else has claimed it and may be running it.</param>
    /// <param name="cancellation">Gives it back.</param>
    /// <exception cref="OperationCanceledException">It was given back.</exception>
    public async Task<SlotOutcome> RunAsync(JobDefinition job, JobSlot slot, bool again = false, bool takeOver = false, CancellationToken cancellation = default)
    {
        var log = new SlotLog(lake, job.Name, slot);
        var last = await log.LastAsync(cancellation);
        if (last is { Kind: SlotEntryKind.Finish or SlotEntryKind.Publish })
        {
            last = await PublishAsync(log, last, cancellation);
            if (!again)
                return new SlotOutcome(SlotOutcomeKind.HadResult, last);
        }
        else if (last is { Kind: SlotEntryKind.Claim } && !takeOver && last.Until > time.GetUtcNow())
        {
            return new SlotOutcome(SlotOutcomeKind.Held, last);
        }

        var goesOn = last is { IsSettled: false };
        var claim = Behind(last, job, slot, SlotEntryKind.Claim) with { Attempts = (goesOn ? last!.Attempts : 0) + 1, IsScheduled = isScheduled };
        if (goesOn && claim.Attempts > job.Attempts + LostRunners)
            return await FailAsync(log, last!, $"{last!.Attempts} runners in a row were lost while they ran it", retryAt: null, cancellation);
        claim = claim with { Began = claim.At, Until = claim.At + job.Timeout + WriteMargin };
        if (!await log.PutAsync(claim, cancellation))
            return new SlotOutcome(SlotOutcomeKind.Held, (await log.LastAsync(cancellation))!);
        return await AttemptAsync(log, job, slot, claim, cancellation);
    }

    /// <summary>Notes that a slot is not run, unless there is an entry of it already.</summary>
    /// <returns>Its last entry.</returns>
    public async Task<SlotEntry> SkipAsync(JobDefinition job, JobSlot slot, string reason, CancellationToken cancellation)
    {
        var log = new SlotLog(lake, job.Name, slot);
        if (await log.LastAsync(cancellation) is { } last)
            return last;
        var skip = Behind(null, job, slot, SlotEntryKind.Skip) with { Reason = reason };
        return await log.PutAsync(skip, cancellation) ? skip : (await log.LastAsync(cancellation))!;
    }

    private async Task<SlotOutcome> AttemptAsync(SlotLog log, JobDefinition job, JobSlot slot, SlotEntry claim, CancellationToken cancellation)
    {
        var written = new List<ResultObject>();
        SlotResult result;
        using var limit = new CancellationTokenSource(job.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await using var rows = await source.BeginAsync(job, slot, either.Token);
            result = job.Table is null
                ? await WriteFileAsync(job, slot, claim.N, rows, written, either.Token)
                : await WriteTableAsync(job, slot, claim.N, rows, written, either.Token);
            result = result with { BytesScanned = rows.Cost.ScannedBytes, Dollars = rows.Cost.Dollars };
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await DeleteAsync(written);
            await ReleaseAsync(log, claim);
            throw;
        }
        catch (Exception e)
        {
            // Whatever it is, it is the job's: the runner goes on, and the slot's history says what it was.
            await DeleteAsync(written);
            var reason = e is OperationCanceledException && limit.IsCancellationRequested ? $"it took longer than {job.Timeout}" : e.Message;
            var wait = job.RetryAfter * (1 << Math.Min(claim.Attempts - 1, DoublingsAtMost));
            return await FailAsync(log, claim, reason, e is not JobException && claim.Attempts < job.Attempts ? time.GetUtcNow() + wait : null, cancellation);
        }

        var finish = Behind(claim, SlotEntryKind.Finish) with { Result = result };
        if (!await log.PutAsync(finish, cancellation))
        {
            await DeleteAsync(written);
            return new SlotOutcome(SlotOutcomeKind.Lost, (await log.LastAsync(cancellation))!);
        }

        return new SlotOutcome(SlotOutcomeKind.Finished, await PublishAsync(log, finish, cancellation));
    }

    private async Task<SlotEntry> PublishAsync(SlotLog log, SlotEntry last, CancellationToken cancellation)
    {
        while (true)
        {
            var result = last.Result!;
            if (result.Table.Length > 0)
                await RegisterAsync(result, cancellation);
            else
                await CopyAsync(log, result, cancellation);
            if (last.Kind == SlotEntryKind.Finish)
            {
                var published = Behind(last, SlotEntryKind.Publish);
                if (await log.PutAsync(published, cancellation))
                    return published;
            }

            // Whoever was slow has perhaps shown a result that is no longer the slot's.
            last = (await log.LastAsync(cancellation))!;
            if (last.Kind != SlotEntryKind.Finish && last.Result!.Attempt == result.Attempt)
                return last;
        }
    }

    private async Task RegisterAsync(SlotResult result, CancellationToken cancellation)
    {
        var table = await JobTables.FindAsync(lake, result.Table, cancellation)
            ?? throw new JobException($"The lake no longer says what table {result.Table} is. Restore its _derived/{result.Table}.json.");
        await lake.RegisterAsync(table, result.Partition, result.Location, cancellation);
    }

    // What the file held is read before the log is asked, so that nothing newer is replaced.
    private async Task CopyAsync(SlotLog log, SlotResult result, CancellationToken cancellation)
    {
        var key = result.Objects[0].Key;
        var (content, _) = await lake.GetAsync(key, cancellation) ?? throw new JobException($"The result {key} is gone. Run the slot again (jobs run --again).");
        while (true)
        {
            var there = await lake.GetAsync(result.File, cancellation);
            if (there is { } same && same.Content.AsSpan().SequenceEqual(content))
                return;
            if ((await log.LastAsync(cancellation))!.Result!.Attempt != result.Attempt)
                return;
            if (there is { } old ? await lake.ReplaceAsync(result.File, old.Tag, content, cancellation) : await lake.PutIfAbsentAsync(result.File, content, cancellation))
                return;
        }
    }

    private async Task<SlotResult> WriteTableAsync(JobDefinition job, JobSlot slot, int attempt, IQueryResult rows, List<ResultObject> written, CancellationToken cancellation)
    {
        var (table, partition) = (job.Table!, job.PartitionOf(slot));
        var wanted = new DerivedTable(table, job.Name, ColumnsOf(job, rows.Columns), job.Partition);
        RequireSame(await JobTables.DefineAsync(lake, wanted, cancellation), wanted);
        var location = $"derived/{table}/{partition}/{job.Name}-{slot.Name}-{attempt.ToString("D6", CultureInfo.InvariantCulture)}/";
        var gathered = new List<object?[]>();
        await foreach (var page in rows.ReadPagesAsync(cancellation))
        {
            foreach (var row in page)
            {
                gathered.Add(Converted(job, rows.Columns, row));
                if (gathered.Count >= RowsPerObject)
                    await PutRowsAsync();
            }
        }

        if (gathered.Count > 0)
            await PutRowsAsync();
        return new SlotResult(attempt, table, partition, location, "", written);

        async Task PutRowsAsync()
        {
            await PutAsync($"{location}{written.Count.ToString("D6", CultureInfo.InvariantCulture)}.parquet", gathered.Count, lake.Encode(wanted.Columns, gathered), written, cancellation);
            gathered.Clear();
        }
    }

    private async Task<SlotResult> WriteFileAsync(JobDefinition job, JobSlot slot, int attempt, IQueryResult rows, List<ResultObject> written, CancellationToken cancellation)
    {
        var location = $"_results/{job.Name}/{slot.Name}/{attempt.ToString("D6", CultureInfo.InvariantCulture)}/";
        await using var text = new StringWriter(CultureInfo.InvariantCulture);
        var count = await ResultWriter.WriteAsync(job.Format, rows.Columns, rows.ReadPagesAsync(cancellation), text, cancellation);
        if (job.Format == OutputFormat.Json)
            await text.WriteAsync('\n');
        await PutAsync($"{location}result.{(job.Format == OutputFormat.Json ? "json" : "csv")}", count, Encoding.UTF8.GetBytes(text.ToString()), written, cancellation);
        return new SlotResult(attempt, "", "", location, SlotText.InText(job.File!, slot), written);
    }

    private async Task PutAsync(string key, long rows, byte[] content, List<ResultObject> written, CancellationToken cancellation)
    {
        written.Add(new ResultObject(key, rows, content.Length));
        if (!await lake.PutSameAsync(key, content, cancellation))
            throw new JobException($"There is another object at {key}, which only this attempt may write. Keep other programs from writing into the lake's derived/ and _results/.");
    }

    private async Task<SlotOutcome> FailAsync(SlotLog log, SlotEntry last, string reason, DateTimeOffset? retryAt, CancellationToken cancellation)
    {
        var fail = Behind(last, SlotEntryKind.Fail) with { Reason = reason, RetryAt = retryAt };
        return await log.PutAsync(fail, cancellation)
            ? new SlotOutcome(SlotOutcomeKind.Failed, fail)
            : new SlotOutcome(SlotOutcomeKind.Lost, (await log.LastAsync(cancellation))!);
    }

    // A release that does not come about costs time, nothing else: the claim is taken over, or runs out.
    private async Task ReleaseAsync(SlotLog log, SlotEntry claim)
    {
        using var limit = new CancellationTokenSource(ReleaseLimit, time);
        try
        {
            await log.PutAsync(Behind(claim, SlotEntryKind.Release) with { Attempts = claim.Attempts - 1 }, limit.Token);
        }
        catch (Exception)
        {
            // Whoever is next waits, and is told by the lake itself what is wrong with it.
        }
    }

    // What is left of an attempt that came to nothing is garbage that nobody sees.
    private async Task DeleteAsync(IReadOnlyList<ResultObject> written)
    {
        using var limit = new CancellationTokenSource(ReleaseLimit, time);
        try
        {
            foreach (var unseen in written)
                await lake.DeleteAsync(unseen.Key, limit.Token);
        }
        catch (Exception)
        {
            // It stays.
        }
    }

    private SlotEntry Behind(SlotEntry last, SlotEntryKind kind) => new()
    {
        N = last.N + 1,
        Kind = kind,
        Job = last.Job,
        From = last.From,
        To = last.To,
        By = $"{_by}/{Guid.NewGuid():N}",
        At = time.GetUtcNow(),
        Attempts = last.Attempts,
        Began = last.Began,
        IsScheduled = last.IsScheduled,
        Result = last.Result,
    };

    private SlotEntry Behind(SlotEntry? last, JobDefinition job, JobSlot slot, SlotEntryKind kind) =>
        Behind(last ?? new SlotEntry { N = -1, Kind = kind, Job = job.Name, From = slot.From, To = slot.To, By = "", At = default }, kind);

    private static IReadOnlyList<LakeColumn> ColumnsOf(JobDefinition job, IReadOnlyList<QueryColumn> columns)
    {
        var names = new HashSet<string>(job.Partition, StringComparer.Ordinal);
        return
        [
            .. columns.Select(column =>
            {
                var name = column.Name.ToLowerInvariant();
                if (!ColumnName().IsMatch(name))
                    throw new JobException($"Job {job.Name}: the result has a column '{column.Name}', and a table's are named with letters, digits and underscores. Name it with AS.");
                if (!names.Add(name))
                    throw new JobException($"Job {job.Name}: the result has two columns '{name}', or one that is a partition key. Name it otherwise with AS.");
                return new LakeColumn(name, TypeOf(column.Type));
            }),
        ];
    }

    private static string TypeOf(ColumnType type) => type switch
    {
        ColumnType.Integer or ColumnType.HugeInteger => "BIGINT",
        ColumnType.Decimal => DecimalType,
        ColumnType.Double => "DOUBLE",
        ColumnType.Boolean => "BOOLEAN",
        ColumnType.Timestamp => "TIMESTAMP",
        ColumnType.Date => "DATE",
        _ => "VARCHAR",
    };

    private static object?[] Converted(JobDefinition job, IReadOnlyList<QueryColumn> columns, object?[] row)
    {
        for (var i = 0; i < row.Length; i++)
        {
            if (row[i] is BigInteger wide)
                row[i] = wide >= long.MinValue && wide <= long.MaxValue ? (long)wide : throw TooLarge(job, columns[i], wide, "BIGINT");
            else if (row[i] is decimal number && Math.Abs(number) > LargestDecimal)
                throw TooLarge(job, columns[i], number, DecimalType);
        }

        return row;
    }

    private static JobException TooLarge(JobDefinition job, QueryColumn column, IFormattable value, string type) => new(
        $"Job {job.Name}: {value.ToString(null, CultureInfo.InvariantCulture)} in column {column.Name} is too large for {type}. Cast it to DOUBLE or VARCHAR.");

    private static void RequireSame(DerivedTable there, DerivedTable wanted)
    {
        if (there.Job != wanted.Job)
            throw new JobException($"Job {wanted.Job}: table {there.Name} is the table of job {there.Job} in this lake. Name another table.");
        if (!there.PartitionKeys.SequenceEqual(wanted.PartitionKeys))
        {
            throw new JobException(
                $"Job {wanted.Job}: table {there.Name} is partitioned by {string.Join(", ", there.PartitionKeys)} in this lake, and the job says {string.Join(", ", wanted.PartitionKeys)}. Name another table.");
        }

        if (!there.Columns.SequenceEqual(wanted.Columns))
        {
            var differ = wanted.Columns.Except(there.Columns).Select(column => $"{column.Name} {column.Type} is new").Concat(there.Columns.Except(wanted.Columns).Select(column => $"{column.Name} {column.Type} is missing")).ToList();
            throw new JobException(
                $"Job {wanted.Job}: the result has other columns than table {there.Name} in this lake: {(differ.Count > 0 ? string.Join(", ", differ) : "their order differs")}. Name another table, or give the query those columns.");
        }
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,127}$")]
    private static partial Regex ColumnName();
}
