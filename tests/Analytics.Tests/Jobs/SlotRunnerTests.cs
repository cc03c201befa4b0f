using StockActors.Analytics.Jobs;

namespace StockActors.Analytics.Tests.Jobs;

/// <summary>The protocol of a slot on a store in memory: runners die at every call, are held up at every call, and wake up when others have gone on.</summary>
public sealed class SlotRunnerTests
{
    private const int RowsOfResult = 5;

    private static readonly JobSlot Slot = new(new(2026, 1, 5, 14, 0, 0, TimeSpan.Zero), new(2026, 1, 5, 15, 0, 0, TimeSpan.Zero));

    private readonly MemoryJobLake _lake = new();
    private readonly List<int> _seen = [];
    private int _attempts;

    public SlotRunnerTests() => _lake.Changed = () => Look();

    public static TheoryData<bool> Targets => new(true, false);

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task A_runner_that_dies_at_any_call_leaves_the_slot_to_its_successor_and_one_result_stands(bool isTable)
    {
        for (var (at, died) = (1, true); died; at++)
        {
            foreach (var isBefore in new[] { true, false })
            {
                var test = new SlotRunnerTests();
                died = false;
                Task Die(int n, string key) => n >= at ? Task.FromException(new Dead(died = true)) : Task.CompletedTask;
                await Record.ExceptionAsync(() => test.Runner(test._lake.View(isBefore ? Die : null, isBefore ? null : Die)).RunAsync(Job(isTable), Slot));

                var outcome = await test.Runner(test._lake.View()).RunAsync(Job(isTable), Slot, takeOver: true);

                Assert.True(outcome.Kind is SlotOutcomeKind.Finished or SlotOutcomeKind.HadResult, $"call {at}: {outcome}");
                test.Prove(isTable, $"call {at}, {(isBefore ? "before" : "after")}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task What_a_paused_runner_makes_once_it_wakes_up_is_never_seen(bool isTable)
    {
        for (var (at, reached) = (1, true); reached; at++)
        {
            var test = new SlotRunnerTests();
            var pause = new Pause(at);
            var first = test.Runner(test._lake.View(pause.BeforeAsync)).RunAsync(Job(isTable), Slot);
            await Task.WhenAny(first, pause.Reached);
            reached = pause.Reached.IsCompleted;
            var second = await test.Runner(test._lake.View()).RunAsync(Job(isTable), Slot, takeOver: true);
            var standing = test.Look();
            pause.End();
            var late = await first;

            Assert.True(second.Kind is SlotOutcomeKind.Finished or SlotOutcomeKind.HadResult, $"call {at}: {second}");
            Assert.True(late.Kind != SlotOutcomeKind.Failed, $"call {at}: {late}");
            Assert.Equal(standing, test.Prove(isTable, $"call {at}"));
        }
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task A_result_that_is_made_again_takes_the_place_of_the_old_one_whole_wherever_its_runner_dies(bool isTable)
    {
        for (var (at, died) = (1, true); died; at++)
        {
            var test = new SlotRunnerTests { MayBeMadeAgain = true };
            died = false;
            await test.Runner(test._lake.View()).RunAsync(Job(isTable), Slot);
            Task Die(int n, string key) => n >= at ? Task.FromException(new Dead(died = true)) : Task.CompletedTask;
            await Record.ExceptionAsync(() => test.Runner(test._lake.View(Die)).RunAsync(Job(isTable), Slot, again: true));

            await test.Runner(test._lake.View()).RunAsync(Job(isTable), Slot, takeOver: true);

            // Whoever comes next finishes what was claimed, or finds the old result where nothing was.
            test.Prove(isTable, $"call {at}");
            if (!died)
                Assert.Equal(2, test.Look());
        }
    }

    [Fact]
    public async Task A_runner_that_was_paused_before_it_published_shows_no_result_that_is_no_longer_the_slots()
    {
        foreach (var isTable in new[] { true, false })
        {
            for (var (at, reached) = (1, true); reached; at++)
            {
                var test = new SlotRunnerTests { MayBeMadeAgain = true };
                var pause = new Pause(at);
                var first = test.Runner(test._lake.View(pause.BeforeAsync)).RunAsync(Job(isTable), Slot);
                await Task.WhenAny(first, pause.Reached);
                reached = pause.Reached.IsCompleted;
                await test.Runner(test._lake.View()).RunAsync(Job(isTable), Slot, takeOver: true);
                await test.Runner(test._lake.View()).RunAsync(Job(isTable), Slot, again: true);
                var standing = test.Look();
                pause.End();
                await first;

                Assert.Equal(standing, test.Prove(isTable, $"call {at}"));
            }
        }
    }

    [Fact]
    public async Task A_catalogue_that_was_lost_is_told_which_result_stands_also_where_another_takes_its_place_meanwhile()
    {
        for (var (at, reached) = (1, true); reached; at++)
        {
            var test = new SlotRunnerTests { MayBeMadeAgain = true };
            await test.Runner(test._lake.View()).RunAsync(Job(), Slot);
            test._lake.LoseCatalogue();
            var pause = new Pause(at);
            var registering = new JobTables(test._lake.View(pause.BeforeAsync)).RegisterAsync();
            await Task.WhenAny(registering, pause.Reached);
            reached = pause.Reached.IsCompleted;
            if (reached)
                await test.Runner(test._lake.View()).RunAsync(Job(), Slot, again: true);
            pause.End();
            await registering;

            test.Prove(isTable: true, $"call {at}");
        }
    }

    [Fact]
    public async Task Runners_that_run_a_slot_at_once_leave_one_result()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var test = new SlotRunnerTests();
            var random = new Random(seed);
            async Task Yield(int n, string key)
            {
                for (var i = random.Next(4); i > 0; i--)
                    await Task.Yield();
            }

            var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => test.Runner(test._lake.View(Yield)).RunAsync(Job(), Slot, takeOver: i % 2 == 0))));

            Assert.True(outcomes.Any(outcome => outcome.Kind == SlotOutcomeKind.Finished), $"seed {seed}: {string.Join(", ", outcomes.Select(o => o.Kind))}");
            test.Prove(isTable: true, $"seed {seed}");
        }
    }

    [Fact]
    public async Task A_slot_that_somebody_runs_is_left_to_him()
    {
        var (began, may) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = Runner(_lake.View(), async () =>
        {
            began.SetResult();
            await may.Task;
        }).RunAsync(Job(), Slot);
        await began.Task;

        var second = await Runner(_lake.View()).RunAsync(Job(), Slot);
        may.SetResult();

        Assert.Equal(SlotOutcomeKind.Held, second.Kind);
        Assert.Equal(SlotOutcomeKind.Finished, (await first).Kind);
        Prove(isTable: true, "");
    }

    [Fact]
    public async Task What_fails_is_tried_as_often_as_the_job_says_and_then_given_up()
    {
        var runner = Runner(_lake.View(), () => throw new QueryException("out of memory"));

        var first = await runner.RunAsync(Job(), Slot);
        var second = await runner.RunAsync(Job(), Slot);
        var third = await runner.RunAsync(Job(), Slot);

        Assert.Equal([1, 2, 3], new[] { first, second, third }.Select(outcome => outcome.Last.Attempts));
        Assert.All(new[] { first, second, third }, outcome => Assert.Equal((SlotOutcomeKind.Failed, "out of memory"), (outcome.Kind, outcome.Last.Reason)));
        Assert.InRange(first.Last.RetryAt!.Value - first.Last.At, TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(30));
        Assert.InRange(second.Last.RetryAt!.Value - second.Last.At, TimeSpan.FromSeconds(55), TimeSpan.FromSeconds(60));
        Assert.Null(third.Last.RetryAt);
        Assert.Equal(-1, Look());

        // Somebody who asks for it by hand begins anew.
        Assert.Equal((SlotOutcomeKind.Finished, 1), ((await Runner(_lake.View()).RunAsync(Job(), Slot)) is var again ? (again.Kind, again.Last.Attempts) : default));
    }

    [Fact]
    public async Task A_slot_that_kills_whoever_runs_it_is_given_up()
    {
        var outcome = default(SlotOutcome);
        var runs = 0;
        while (outcome is null)
        {
            var dies = Runner(_lake.View(), isKilled: true);
            var run = dies.RunAsync(Job(), Slot, takeOver: true);
            if (await Task.WhenAny(run, _killed.Task) == run)
                outcome = await run;
            _killed = new TaskCompletionSource();
            Assert.True(++runs < 50);
        }

        Assert.Equal(SlotOutcomeKind.Failed, outcome.Kind);
        Assert.Null(outcome.Last.RetryAt);
        Assert.Contains("runners in a row were lost", outcome.Last.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_runner_that_is_told_to_end_gives_the_slot_back_and_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();
        var runner = Runner(_lake.View(), async () =>
        {
            await stop.CancelAsync();
            stop.Token.ThrowIfCancellationRequested();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => runner.RunAsync(Job(), Slot, cancellation: stop.Token));

        var last = Assert.Single(await new JobHistory(_lake.View()).ReadAsync());
        Assert.Equal((SlotEntryKind.Release, 0), (last.Kind, last.Attempts));
        Assert.DoesNotContain(_lake.Keys, key => key.StartsWith("derived/", StringComparison.Ordinal));
        Assert.Equal(SlotOutcomeKind.Finished, (await Runner(_lake.View()).RunAsync(Job(), Slot)).Kind);
    }

    [Fact]
    public async Task A_table_keeps_its_job_and_its_columns()
    {
        await Runner(_lake.View()).RunAsync(Job(), Slot);

        var other = await Runner(_lake.View()).RunAsync(Job() with { Name = "other" }, Slot);
        var changed = await Runner(_lake.View(), columns: [new("attempt", ColumnType.Text), new("row", ColumnType.Integer)]).RunAsync(Job(), Slot, again: true);

        Assert.Equal("Job other: table t is the table of job job in this lake. Name another table.", other.Last.Reason);
        Assert.Equal(
            "Job job: the result has other columns than table t in this lake: attempt VARCHAR is new, attempt BIGINT is missing. Name another table, or give the query those columns.",
            changed.Last.Reason);
        Assert.Null(changed.Last.RetryAt);
        Prove(isTable: true, "");
    }

    [Fact]
    public async Task The_table_of_slots_says_how_each_stands()
    {
        await Runner(_lake.View()).RunAsync(Job(), Slot);
        await Runner(_lake.View()).SkipAsync(Job(), new JobSlot(Slot.To, Slot.To.AddHours(1)), "missed", default);

        var jobs = (await new JobTables(_lake.View()).ReadAsync()).Single(table => table.Name == JobTables.History);

        Assert.Equal(["finished", "skipped"], jobs.Rows.Select(row => row[3]));
        Assert.Equal([(long)RowsOfResult, null], jobs.Rows.Select(row => row[8]));
        Assert.Equal([null, "missed"], jobs.Rows.Select(row => row[^1]));
    }

    private bool MayBeMadeAgain { get; init; }

    private TaskCompletionSource _killed = new();

    private static JobDefinition Job(bool isTable = true) => new()
    {
        Name = "job",
        Schedule = JobSchedule.Parse("0 * * * *", TimeZoneInfo.Utc, TimeSpan.Zero),
        Sql = "select",
        Table = isTable ? "t" : null,
        Partition = isTable ? ["dt", "hour"] : [],
        File = isTable ? null : "reports/{slot}.csv",
    };

    private SlotRunner Runner(IJobLake lake, Func<Task>? work = null, bool isKilled = false, QueryColumn[]? columns = null) =>
        new(lake, new Source(this, work ?? (() => Task.CompletedTask), isKilled, columns ?? [new("attempt", ColumnType.Integer), new("row", ColumnType.Integer)]), "node", isScheduled: true, TimeProvider.System)
        {
            RowsPerObject = 2,
        };

    /// <summary>What a reader sees of the slot now: nothing, or all rows of one attempt.</summary>
    /// <returns>The attempt; -1 where there is no result.</returns>
    private int Look()
    {
        var slots = new JobHistory(_lake.View()).ReadAsync("job").Result;
        var result = slots.SingleOrDefault(slot => slot.From == Slot.From)?.Result;
        var attempt = -1;
        if (result is not null)
        {
            var rows = result.Table.Length > 0
                ? new JobTables(_lake.View()).ReadAsync().Result.Single(table => table.Name == "t").Files.SelectMany(file => _lake.Rows(file.Path)).ToList()
                : [.. _lake.Text(result.Objects[0].Key)!.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.TrimEnd('\r').Split(','))];
            Assert.Equal(Enumerable.Range(0, RowsOfResult).Select(row => $"{row}"), rows.Select(row => row[1]));
            attempt = int.Parse(Assert.Single(rows.Select(row => row[0]).Distinct()), System.Globalization.CultureInfo.InvariantCulture);
        }

        if (_seen.Count > 0 && _seen[^1] == attempt)
            return attempt;
        Assert.True(_seen.Count == 0 || _seen[^1] < attempt, $"after attempt {string.Join(", ", _seen)} a reader sees {attempt}");
        Assert.True(MayBeMadeAgain || _seen.TrueForAll(seen => seen < 0), $"a reader has seen {string.Join(", ", _seen)} and sees {attempt}");
        _seen.Add(attempt);
        return attempt;
    }

    /// <summary>That the slot has a result, and that the catalogue or the file shows it.</summary>
    private int Prove(bool isTable, string where)
    {
        var attempt = Look();
        Assert.True(attempt >= 0, where);
        var last = Assert.Single(new JobHistory(_lake.View()).ReadAsync("job").Result);
        Assert.True(last.Kind is SlotEntryKind.Publish or SlotEntryKind.Fail, $"{where}: {last.Kind}");
        if (isTable)
            Assert.True(last.Result!.Location == _lake.Locations["t/dt=2026-01-05/hour=14"], where);
        else
            Assert.True(_lake.Text(last.Result!.Objects[0].Key) == _lake.Text("reports/20260105T140000Z.csv"), where);
        return attempt;
    }

    private sealed class Source(SlotRunnerTests test, Func<Task> work, bool isKilled, QueryColumn[] columns) : IJobSource
    {
        public async Task<IQueryResult> BeginAsync(JobDefinition job, JobSlot slot, CancellationToken cancellation)
        {
            if (isKilled)
            {
                // Nothing of a process that was killed goes on.
                test._killed.SetResult();
                await new TaskCompletionSource().Task;
            }

            await work();
            var attempt = Interlocked.Increment(ref test._attempts);
            return new ReportResult(columns, [.. Enumerable.Range(0, RowsOfResult).Select(row => new object?[] { (long)attempt, (long)row })]);
        }
    }

    /// <summary>The process is dead: no call of it comes through any more.</summary>
    private sealed class Dead(bool isDead) : Exception($"dead: {isDead}");

    /// <summary>Holds a runner up before one of its calls.</summary>
    private sealed class Pause(int at)
    {
        private readonly TaskCompletionSource _reached = new();
        private readonly TaskCompletionSource _ended = new();

        public Task Reached => _reached.Task;

        public async Task BeforeAsync(int n, string key)
        {
            if (n != at)
                return;
            _reached.SetResult();
            await _ended.Task;
        }

        public void End() => _ended.SetResult();
    }
}
