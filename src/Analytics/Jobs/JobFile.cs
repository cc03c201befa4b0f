using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace StockActors.Analytics.Jobs;

/// <summary>
/// A file of jobs: <c>{ "jobs": [ { "name": …, "schedule": …, … } ] }</c>, with comments and trailing commas allowed. All that is wrong with it is found in
/// one reading.
/// </summary>
public sealed partial class JobFile
{
    /// <summary>Slots that are looked at for two that would write the same partition or file: enough to meet a day twice by any usual expression.</summary>
    private const int SlotsCompared = 2_000;

    private static readonly string[] Fields =
    [
        "name", "description", "schedule", "timeZone", "delay", "sql", "query", "parameters", "report", "table", "partition", "file", "format", "overlap", "catchUp",
        "missedAfter", "attempts", "retryAfter", "timeout", "start",
    ];

    private static readonly string[] TakenTables = ["trades", "quotes", "status", "bars", "orders", "truth", "runs", JobTables.History];
    private static readonly string[] TakenFolders = ["trades", "quotes", "status", "bars", "orders", "truth", "runs", "compacted", "derived"];
    private static readonly DateTimeOffset Sample = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string _path;
    private readonly IReadOnlySet<string> _reports;
    private readonly List<string> _errors = [];

    private JobFile(string path, IReadOnlySet<string> reports) => (_path, _reports) = (path, reports);

    /// <summary>The jobs that come with the program.</summary>
    /// <param name="reports">The names of the reports that there are.</param>
    public static IReadOnlyList<JobDefinition> Shipped(IReadOnlySet<string> reports)
    {
        using var reader = new StreamReader(typeof(JobFile).Assembly.GetManifestResourceStream("jobs.json")!);
        return Parse("the shipped jobs.json", reader.ReadToEnd(), reports);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="reports">The names of the reports that there are.</param>
    /// <exception cref="JobFileException">It can't be read, or something in it is wrong; each error is told.</exception>
    public static IReadOnlyList<JobDefinition> Read(string path, IReadOnlySet<string> reports)
    {
        try
        {
            return Parse(path, System.IO.File.ReadAllText(path), reports);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFileException([$"{path} can't be read: {e.Message}"]);
        }
    }

    /// <summary>Reads a file's text.</summary>
    /// <param name="path">What it is called in errors.</param>
    /// <param name="json">The text.</param>
    /// <param name="reports">The names of the reports that there are.</param>
    /// <exception cref="JobFileException">Something in it is wrong; each error is told.</exception>
    public static IReadOnlyList<JobDefinition> Parse(string path, string json, IReadOnlySet<string> reports)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var file = new JobFile(path, reports);
            var jobs = file.Jobs(document.RootElement);
            return file._errors.Count > 0 ? throw new JobFileException(file._errors) : jobs;
        }
        catch (JsonException e)
        {
            throw new JobFileException([$"{path}:{e.LineNumber + 1}: it is no valid JSON: {e.Message}"]);
        }
    }

    private List<JobDefinition> Jobs(JsonElement root)
    {
        var jobs = new List<JobDefinition>();
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("jobs", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            _errors.Add($"{_path}: it begins with {{ \"jobs\": [ … ] }}, an array of an object a job.");
            return jobs;
        }

        foreach (var (index, element) in list.EnumerateArray().Index())
        {
            if (element.ValueKind != JsonValueKind.Object)
                _errors.Add($"{_path}: job {index + 1}: it is an object with a name, a schedule, a source and a target.");
            else if (new Reader(this, index, element).Job() is { } job)
                jobs.Add(job);
        }

        foreach (var twice in jobs.GroupBy(job => job.Name).Where(group => group.Count() > 1))
            _errors.Add($"{_path}: job {twice.Key}: name: {twice.Count()} jobs have it; give each one of its own.");
        foreach (var twice in jobs.Where(job => job.Table is not null).GroupBy(job => job.Table).Where(group => group.Select(job => job.Name).Distinct().Count() > 1))
            _errors.Add($"{_path}: job {twice.Last().Name}: table: {twice.Key} is the table of job {twice.First().Name} already; a table has one job.");
        foreach (var twice in jobs.Where(job => job.File is not null).GroupBy(job => job.File).Where(group => group.Select(job => job.Name).Distinct().Count() > 1))
            _errors.Add($"{_path}: job {twice.Last().Name}: file: {twice.Key} is written by job {twice.First().Name} already; put the job's name in it.");
        return jobs;
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{0,62}$")]
    private static partial Regex JobName();

    [GeneratedRegex("^[a-z][a-z0-9_]{0,62}$")]
    private static partial Regex TableName();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._{}=-]*(/[A-Za-z0-9{][A-Za-z0-9._{}=-]*)*$")]
    private static partial Regex FilePath();

    [GeneratedRegex("^(?<count>[0-9]{1,9})(?<unit>ms|s|m|h|d)$")]
    private static partial Regex Length();

    /// <summary>One job's object.</summary>
    private sealed class Reader(JobFile file, int index, JsonElement element)
    {
        private readonly string _job = element.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? $"job {name.GetString()}" : $"job {index + 1}";
        private readonly int _before = file._errors.Count;

        public JobDefinition? Job()
        {
            foreach (var field in element.EnumerateObject().Where(field => !Fields.Contains(field.Name)))
                Error(field.Name, $"there is no such field; there are {string.Join(", ", Fields)}.");
            var name = Text("name");
            if (name is null || !JobName().IsMatch(name))
                Error("name", $"it is 1 to 63 small letters, digits and dashes, a letter first{Given(name)}.");
            var schedule = Schedule();
            var (sql, query, report) = (Text("sql"), Text("query"), Text("report"));
            if (new[] { sql, query, report }.Count(source => source is not null) != 1)
                Error("sql", "a job has one source: sql, query (a query of the library) or report.");
            var parameters = Parameters(query);
            if (report is not null && !file._reports.Contains(report))
                Error("report", $"there is no report '{report}'; there are {string.Join(", ", file._reports.Order(StringComparer.Ordinal))}.");
            foreach (var (field, text) in parameters.Select(p => ($"parameters.{p.Key}", p.Value)).Append(("sql", sql ?? "")).Append(("file", Text("file") ?? "")))
            {
                if (SlotText.Unknown(text) is { } marker)
                    Error(field, $"there is no marker {marker}; there are {{slot}}, {{slot.from}}, {{slot.to}}, {{slot.dt}} and {{slot.hour}}.");
            }

            var (table, partition, path, format) = Target();
            var attempts = Whole("attempts", 3, 1, 100);
            var job = new JobDefinition
            {
                Name = name ?? "",
                Description = Text("description") ?? "",
                Schedule = schedule!,
                Sql = sql,
                Query = query,
                Parameters = parameters,
                Report = report,
                Table = table,
                Partition = partition,
                File = path,
                Format = format,
                Overlap = Choice("overlap", OverlapPolicy.Wait),
                CatchUp = Choice("catchUp", CatchUpPolicy.All),
                MissedAfter = Span("missedAfter", TimeSpan.FromMinutes(5)),
                Attempts = attempts,
                RetryAfter = Span("retryAfter", TimeSpan.FromSeconds(30)),
                Timeout = Span("timeout", TimeSpan.FromMinutes(10)),
                Start = Start(),
            };
            if (job.Timeout == TimeSpan.Zero)
                Error("timeout", "it is more than 0.");
            if (file._errors.Count == _before)
                CheckTargets(job);
            return file._errors.Count > _before ? null : job;
        }

        private JobSchedule? Schedule()
        {
            const string Example = "five fields of cron such as '0 * * * *' (hourly) or '0 18 * * MON-FRI' (six with seconds first)";
            var expression = Text("schedule");
            var zone = TimeZoneInfo.Utc;
            if (Text("timeZone") is { } id && !TimeZoneInfo.TryFindSystemTimeZoneById(id, out zone!))
                Error("timeZone", $"there is no time zone '{id}'; it is a name of IANA such as America/New_York, or UTC.");
            var delay = Span("delay", TimeSpan.Zero);
            if (expression is null)
            {
                Error("schedule", $"it is missing: {Example}.");
                return null;
            }

            try
            {
                return JobSchedule.Parse(expression, zone ?? TimeZoneInfo.Utc, delay);
            }
            catch (FormatException e)
            {
                Error("schedule", $"'{expression}': {e.Message.TrimEnd('.')}. It is {Example}.");
                return null;
            }
        }

        private (string? Table, IReadOnlyList<string> Partition, string? File, OutputFormat Format) Target()
        {
            var (table, path) = (Text("table"), Text("file"));
            if (table is null == path is null)
                Error("table", "a job has one target: table, or file.");
            var partition = Partition(table);
            if (table is not null && !TableName().IsMatch(table))
                Error("table", $"it is 1 to 63 small letters, digits and underscores, a letter first{Given(table)}.");
            else if (TakenTables.Contains(table))
                Error("table", $"{table} is a table of the lake itself; name another.");
            if (path is not null && (!FilePath().IsMatch(path) || TakenFolders.Contains(path.Split('/')[0]) || !path.Contains('/')))
            {
                Error("file", $"it is a path below the lake such as reports/NAME/{{slot}}.csv, of letters, digits, '.', '_', '-' and '=', not in {string.Join(", ", TakenFolders)}; it is '{path}'.");
            }

            var given = Text("format");
            if (given is not null && path is null)
                Error("format", "a table's objects are Parquet; only a file has a format.");
            OutputFormat? byName = path?.EndsWith(".json", StringComparison.Ordinal) == true ? OutputFormat.Json : path?.EndsWith(".csv", StringComparison.Ordinal) == true ? OutputFormat.Csv : null;
            OutputFormat? format = given switch { null => byName, "csv" => OutputFormat.Csv, "json" => OutputFormat.Json, _ => null };
            if (path is not null && format is null)
                Error("format", $"it is csv or json{Given(given)}; it may be left out where the file's name ends so.");
            return (table, partition, path, format ?? OutputFormat.Csv);
        }

        private List<string> Partition(string? table)
        {
            if (!element.TryGetProperty("partition", out var given))
            {
                if (table is not null)
                    Error("partition", $"it is missing: what of a slot a partition of the table is, an array of {string.Join(", ", SlotText.Keys)}.");
                return [];
            }

            var keys = given.ValueKind == JsonValueKind.Array ? given.EnumerateArray().Select(key => key.ToString()).ToList() : [];
            if (keys.Count == 0 || keys.Except(SlotText.Keys).Any() || keys.Distinct().Count() < keys.Count)
                Error("partition", $"it is an array of {string.Join(", ", SlotText.Keys)}, each once, such as [\"dt\", \"hour\"]; it is {given.GetRawText()}.");
            if (table is null)
                Error("partition", "a file has none.");
            return keys;
        }

        private Dictionary<string, string> Parameters(string? query)
        {
            var parameters = new Dictionary<string, string>();
            if (!element.TryGetProperty("parameters", out var given))
                return parameters;
            if (given.ValueKind != JsonValueKind.Object || query is null)
            {
                Error("parameters", "it is an object of the parameters of a query, such as { \"interval\": \"1m\", \"from\": \"{slot.from}\" }.");
                return parameters;
            }

            foreach (var parameter in given.EnumerateObject())
                parameters[parameter.Name] = parameter.Value.ToString();
            return parameters;
        }

        // A partition, or a file, is the result of one slot: a second one would take the first one's place.
        private void CheckTargets(JobDefinition job)
        {
            string TargetOf(JobSlot slot) => job.Table is not null ? job.PartitionOf(slot) : SlotText.InText(job.File!, slot);
            var taken = new Dictionary<string, JobSlot>(StringComparer.Ordinal);
            foreach (var slot in job.Schedule.From(Sample).Take(SlotsCompared))
            {
                var target = TargetOf(slot);
                if (taken.TryAdd(target, slot))
                    continue;
                Error(job.Table is not null ? "partition" : "file",
                    $"the slots {taken[target]} and {slot} would both be {target}, and each needs a place of its own: {(job.Table is not null ? "add dt and hour, or take slot" : "put {slot} in it")}.");
                return;
            }
        }

        private DateTimeOffset? Start()
        {
            if (Text("start") is not { } text)
                return null;
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var start))
                return start.ToUniversalTime();
            Error("start", $"it is a date or time of UTC such as 2026-01-05 or 2026-01-05T14:00:00Z; it is '{text}'.");
            return null;
        }

        private string? Text(string field)
        {
            if (!element.TryGetProperty(field, out var value))
                return null;
            if (value.ValueKind == JsonValueKind.String)
                return value.GetString();

            // A statement of many lines is an array of them.
            if (field is "sql" or "description" && value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(line => line.ValueKind == JsonValueKind.String))
                return string.Join('\n', value.EnumerateArray().Select(line => line.GetString()));
            Error(field, $"it is a text in quotes; it is {value.GetRawText()}.");
            return null;
        }

        private int Whole(string field, int otherwise, int least, int most)
        {
            if (!element.TryGetProperty(field, out var value))
                return otherwise;
            if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most)
                return number;
            Error(field, $"it is a whole number from {least} to {most}; it is {value.GetRawText()}.");
            return otherwise;
        }

        private TimeSpan Span(string field, TimeSpan otherwise)
        {
            if (Text(field) is not { } text)
                return otherwise;
            if (Length().Match(text) is { Success: true } length)
            {
                var count = double.Parse(length.Groups["count"].Value, CultureInfo.InvariantCulture);
                return length.Groups["unit"].Value switch
                {
                    "ms" => TimeSpan.FromMilliseconds(count),
                    "s" => TimeSpan.FromSeconds(count),
                    "m" => TimeSpan.FromMinutes(count),
                    "h" => TimeSpan.FromHours(count),
                    _ => TimeSpan.FromDays(Math.Min(count, 10_000)),
                };
            }

            Error(field, $"it is a length of time such as 30s, 5m, 1h or 2d; it is '{text}'.");
            return otherwise;
        }

        private T Choice<T>(string field, T otherwise)
            where T : struct, Enum
        {
            if (Text(field) is not { } text)
                return otherwise;
            var names = Enum.GetNames<T>().Select(value => value.ToLowerInvariant()).ToList();
            if (names.IndexOf(text) is >= 0 and var at)
                return Enum.GetValues<T>()[at];
            Error(field, $"it is one of {string.Join(", ", names)}; it is '{text}'.");
            return otherwise;
        }

        private void Error(string field, string what) => file._errors.Add($"{file._path}: {_job}: {field}: {what}");

        private static string Given(string? value) => value is null ? "" : $"; it is '{value}'";
    }
}
