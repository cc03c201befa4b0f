using System.CommandLine;
using System.Globalization;
using StockActors.Analytics;
using StockActors.Analytics.Jobs;
using StockActors.Node.Configuration;
using StockActors.Node.Jobs;
using StockActors.Node.Terminal;
using StockActors.Sinks.Derived;

namespace StockActors.Node.Commands;

/// <summary><c>stockactors jobs</c>: what is made of a lake again and again, and what has come of it.</summary>
internal static class JobsCommand
{
    private const int NextByDefault = 5;
    private const int HistoryByDefault = 50;

    public static Command Create() => new("jobs",
        """
        What is made of a lake's ticks again and again: tables and files, a part for each slot of time, each part once. A cluster's nodes with the role
        analytics run them, one node at a time; 'run' runs one here. A slot is named after its beginning and is due once it has ended. Its result is of what
        the lake held when it was run: what came later is in it once it is run again.

        The jobs are those that come with the program, or those of a file (--jobs FILE, or Analytics:Jobs); docs/jobs.md says how it is written.
        In SQL, each job's table is there beside the ticks' (DuckDB and Athena), and 'jobs' has a row for each slot (DuckDB).

        Example: stockactors jobs run daily --slot 2026-01-05 --lake ./lake
                 stockactors query "select * from daily order by volume desc" --lake ./lake
        """)
    {
        List(), Next(), History(), Run(),
    };

    private static Command List()
    {
        var json = Json();
        var command = new Command("list",
            """
            List the jobs: when their slots begin, where the results go, how the newest slot stands and when the next is due.

            Example: stockactors jobs list --lake ./lake
            """)
        {
            Flags.Lake(), Flags.Database(), Flags.Jobs(), json,
        };
        command.SetAction(CommandHost.Action(async (parsed, context) =>
        {
            var jobs = LakeJobs.Read(context.Settings);
            var (history, now) = (await HistoryOf(context).ReadAsync(cancellation: context.Stop), DateTimeOffset.UtcNow);
            await WriteAsync(context.Out, parsed.GetValue(json),
                [
                    new("job", ColumnType.Text), new("schedule", ColumnType.Text), new("time_zone", ColumnType.Text), new("target", ColumnType.Text), new("last_slot", ColumnType.Timestamp),
                    new("state", ColumnType.Text), new("next_slot", ColumnType.Timestamp), new("due", ColumnType.Timestamp), new("description", ColumnType.Text),
                ],
                jobs.Select(job =>
                {
                    var last = history.LastOrDefault(entry => entry.Job == job.Name);
                    var next = job.Schedule.DueAfter(now).First();
                    return new object?[]
                    {
                        job.Name, job.Schedule.Expression, job.Schedule.Zone.Id, job.Table is null ? job.File : $"{job.Table}/{string.Join('/', job.Partition)}",
                        last?.From.UtcDateTime, last is null ? null : JobTables.StateOf(last), next.From.UtcDateTime, job.Schedule.DueAt(next).UtcDateTime, job.Description,
                    };
                }), context.Stop);
            return CommandHost.Ok;
        }));
        return command;
    }

    private static Command Next()
    {
        var name = new Argument<string?>("NAME") { Arity = ArgumentArity.ZeroOrOne, Description = "One job; all by default." };
        var count = new Option<int?>("--count") { HelpName = "N", Description = $"How many slots of each job (default {NextByDefault})." };
        count.Validators.Add(result => Positive(result, "slots"));
        var json = Json();
        var command = new Command("next",
            """
            Show the slots of jobs that come next: from when to when, and when they are due. It asks no lake, so it shows what a file of jobs means.

            Example: stockactors jobs next daily --count 10 --jobs ./jobs.json
            """)
        {
            name, count, Flags.Jobs(), json,
        };
        command.SetAction(CommandHost.Action(async (parsed, context) =>
        {
            var now = DateTimeOffset.UtcNow;
            await WriteAsync(context.Out, parsed.GetValue(json),
                [new("job", ColumnType.Text), new("slot_from", ColumnType.Timestamp), new("slot_to", ColumnType.Timestamp), new("due", ColumnType.Timestamp), new("due_there", ColumnType.Text)],
                Chosen(LakeJobs.Read(context.Settings), parsed.GetValue(name)).SelectMany(job => job.Schedule.DueAfter(now).Take(parsed.GetValue(count) ?? NextByDefault)
                    .Select(slot => new object?[]
                    {
                        job.Name, slot.From.UtcDateTime, slot.To.UtcDateTime, job.Schedule.DueAt(slot).UtcDateTime,
                        $"{TimeZoneInfo.ConvertTime(job.Schedule.DueAt(slot), job.Schedule.Zone).ToString("yyyy-MM-dd HH:mm:sszzz", CultureInfo.InvariantCulture)} {job.Schedule.Zone.Id}",
                    })), context.Stop);
            return CommandHost.Ok;
        }));
        return command;
    }

    private static Command History()
    {
        var name = new Argument<string?>("NAME") { Arity = ArgumentArity.ZeroOrOne, Description = "One job; all by default, also such as are configured no more." };
        var count = new Option<int?>("--count") { HelpName = "N", Description = $"The newest slots of each job (default {HistoryByDefault})." };
        count.Validators.Add(result => Positive(result, "slots"));
        var json = Json();
        var command = new Command("history",
            """
            Show what has come of slots: finished, failed, retrying, running, released (given back by a runner that was told to end) or skipped; when, by whom,
            in how many attempts, with how many rows, and why not. 'stockactors query "select * from jobs"' asks the same in SQL.

            Example: stockactors jobs history bars-1m --lake ./lake
            """)
        {
            name, count, Flags.Lake(), Flags.Database(), json,
        };
        command.SetAction(CommandHost.Action(async (parsed, context) =>
        {
            var entries = await HistoryOf(context).ReadAsync(parsed.GetValue(name), context.Stop);
            if (entries.Count == 0 && parsed.GetValue(name) is { } asked)
                throw new CommandException($"The lake {context.Settings.Lake.Location} has no slot of a job '{asked}'. 'stockactors jobs history' shows all that it has, 'stockactors jobs list' those that are configured.");
            await WriteAsync(context.Out, parsed.GetValue(json), JobTables.HistoryTable,
                entries.GroupBy(entry => entry.Job).SelectMany(job => job.TakeLast(parsed.GetValue(count) ?? HistoryByDefault)).Select(JobTables.RowOf), context.Stop);
            return CommandHost.Ok;
        }));
        return command;
    }

    private static Command Run()
    {
        var name = new Argument<string>("NAME") { Description = "The job." };
        var slot = new Option<string?>("--slot")
        {
            HelpName = "TIME",
            Description = "The slot, by its beginning: 2026-01-05, 2026-01-05T14:00, in the job's time zone unless Z or an offset stands with it (default: the newest that has ended).",
        };
        var again = new Option<bool>("--again") { Description = "Run it although it has a result, which stands until the new one takes its place, whole." };
        var takeOver = new Option<bool>("--take-over") { Description = "Run it although somebody else has claimed it: what that one makes is not seen then." };
        var json = Json();
        var command = new Command("run",
            """
            Run a slot of a job now, in this process, whether it was ever due by itself or not. A slot that has a result is left as it is, unless --again is
            said; one that was begun by a process that has died is run anew once its time is up, or with --take-over. The exit code is 0 when the slot has a result.

            Example: stockactors jobs run bars-1m --slot 2026-01-05T14:00Z --lake ./lake
            """)
        {
            name, slot, again, takeOver, Flags.Lake(), Flags.Database(), Flags.Jobs(), Flags.Topic(), Flags.Kafka(), json,
        };
        command.SetAction(CommandHost.Action((parsed, context) =>
            RunAsync(context, parsed.GetValue(name)!, parsed.GetValue(slot), parsed.GetValue(again), parsed.GetValue(takeOver), parsed.GetValue(json))));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string name, string? slotText, bool again, bool takeOver, bool json)
    {
        var lake = context.Settings.Lake.OpenExisting();
        await using var jobs = await LakeJobs.OpenAsync(context.Settings, lake, isScheduled: false, context.Stop);
        var job = Chosen(jobs.Jobs, name).Single();
        var slot = SlotOf(job, slotText, DateTimeOffset.UtcNow);
        var run = jobs.Runner.RunAsync(job, slot, again, takeOver, context.Stop);
        await ProgressLines.WhileAsync(run, context.Error, () => $"{job.Name} {slot} is being run");
        var (kind, last) = await run;
        if (json)
            await WriteAsync(context.Out, isJson: true, JobTables.HistoryTable, [JobTables.RowOf(last)], context.Stop);
        else if (last.Result is { } result && kind is SlotOutcomeKind.Finished or SlotOutcomeKind.HadResult)
            context.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{job.Name} {slot}: {result.Objects.Sum(o => o.Rows):N0} rows in {JobTables.TargetOf(result)}{(kind == SlotOutcomeKind.HadResult ? "; it had them already (--again runs it anew)" : "")}"));
        switch (kind)
        {
            case SlotOutcomeKind.Failed:
                throw new CommandException($"{job.Name} {slot} has failed: {last.Reason}{(last.RetryAt is { } at ? $" A runner of jobs tries it again from {at.UtcDateTime:u} on." : "")}");
            case SlotOutcomeKind.Held:
                throw new CommandException($"{job.Name} {slot} is being run by {last.By.Split('/')[0]}, since {last.At.UtcDateTime:u}. Wait for it (until {last.Until?.UtcDateTime:u} at the latest), or run it with --take-over.");
            case SlotOutcomeKind.Lost:
                throw new CommandException($"{job.Name} {slot} was taken over by {last.By.Split('/')[0]} meanwhile: what was made here is not seen. 'stockactors jobs history {job.Name}' shows what has come of it.");
            default:
                return CommandHost.Ok;
        }
    }

    private static JobSlot SlotOf(JobDefinition job, string? text, DateTimeOffset now)
    {
        if (text is null)
        {
            return job.Schedule.At(now) is { } current && job.Schedule.At(current.From.AddTicks(-1)) is { } ended
                ? ended
                : throw new CommandException($"No slot of {job.Name} has ended yet.");
        }

        if (TimeOf(job, text) is not { } time)
            throw new SettingsException([$"--slot: '{text}' is no time; write it as 2026-01-05 or 2026-01-05T14:00, with Z behind it for UTC."]);
        if (job.Schedule.At(time) is not { } slot)
            throw new CommandException($"No slot of {job.Name} begins before {time.UtcDateTime:u}.");
        if (slot.From != time)
            throw new CommandException($"No slot of {job.Name} begins at {time.UtcDateTime:u}: one does at {slot.From.UtcDateTime:u}, the next at {slot.To.UtcDateTime:u} ('{job.Schedule.Expression}' in {job.Schedule.Zone.Id}).");
        return slot.To <= now ? slot : throw new CommandException($"The slot of {job.Name} that begins at {slot.From.UtcDateTime:u} has not ended: it does at {slot.To.UtcDateTime:u}.");
    }

    private static DateTimeOffset? TimeOf(JobDefinition job, string text)
    {
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time))
            return null;
        if (time.Kind == DateTimeKind.Utc)
            return time;
        return job.Schedule.Zone.IsInvalidTime(time) ? null : TimeZoneInfo.ConvertTimeToUtc(time, job.Schedule.Zone);
    }

    private static IEnumerable<JobDefinition> Chosen(IReadOnlyList<JobDefinition> jobs, string? name) => name is null ? jobs
        : jobs.Where(job => job.Name == name).DefaultIfEmpty().Select(job => job
            ?? throw new CommandException($"There is no job '{name}'; there are {string.Join(", ", jobs.Select(other => other.Name))}. --jobs names a file of others."));

    private static JobHistory HistoryOf(CommandContext context) => new(new JobLake(new DerivedObjects(context.Settings.Lake.OpenExisting())));

    private static void Positive(System.CommandLine.Parsing.OptionResult option, string what)
    {
        if (option.Tokens.Count == 1 && int.TryParse(option.Tokens[0].Value, out var number) && number < 1)
            option.AddError($"{option.Option.Name}: {number} is no number of {what}; it is 1 or more.");
    }

    private static Option<bool> Json() => Flags.Json("Print one JSON array; everything else goes to standard error.");

    private static async Task WriteAsync(TextWriter output, bool isJson, IReadOnlyList<QueryColumn> columns, IEnumerable<object?[]> rows, CancellationToken cancel)
    {
        await ResultWriter.WriteAsync(isJson ? OutputFormat.Json : OutputFormat.Table, columns, [.. rows], output, cancel);
        if (isJson)
            await output.WriteLineAsync();
    }
}
