using System.Text.Json;
using System.Text.Json.Nodes;
using StockActors.Analytics.Jobs;

namespace StockActors.Analytics.Tests.Jobs;

public sealed class JobFileTests
{
    private static readonly HashSet<string> Reports = ["quality", "costs"];

    [Fact]
    public void The_shipped_jobs_are_valid_and_their_queries_take_what_they_are_given()
    {
        var jobs = JobFile.Shipped(Reports);

        Assert.Equal(["bars-1m", "daily", "data-quality", "costs"], jobs.Select(job => job.Name));
        var slot = jobs[0].Schedule.At(new DateTimeOffset(2026, 1, 5, 14, 30, 0, TimeSpan.Zero))!.Value;
        Assert.Equal("dt=2026-01-05/hour=14", jobs[0].PartitionOf(slot));
        foreach (var job in jobs.Where(job => job.Report is null))
        {
            foreach (var dialect in Enum.GetValues<SqlDialect>())
                Assert.DoesNotContain("{", JobSource.SqlOf(job, slot, dialect), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_sample_s_jobs_are_valid_and_what_it_says_of_them_is_so()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "samples", "jobs.json");
        var jobs = JobFile.Read(path, Reports);

        Assert.Equal(["spread-hourly", "close-new-york"], jobs.Select(job => job.Name));
        Assert.Contains("jobs run spread-hourly --slot 2026-01-05T15:00Z", File.ReadAllText(path), StringComparison.Ordinal);
        var hour = jobs[0].Schedule.At(new DateTimeOffset(2026, 1, 5, 15, 0, 0, TimeSpan.Zero))!.Value;
        Assert.Equal("dt=2026-01-05/hour=15", jobs[0].PartitionOf(hour));

        // The close is at six in New York, whose clock is five hours behind in winter.
        var close = jobs[1].Schedule.At(new DateTimeOffset(2026, 1, 6, 22, 0, 0, TimeSpan.Zero))!.Value;
        Assert.Equal(new DateTimeOffset(2026, 1, 5, 23, 0, 0, TimeSpan.Zero), close.From);
        foreach (var dialect in Enum.GetValues<SqlDialect>())
        {
            Assert.Contains("dt = '2026-01-05' and hour = '15'", JobSource.SqlOf(jobs[0], hour, dialect), StringComparison.Ordinal);
            Assert.DoesNotContain("{", JobSource.SqlOf(jobs[1], close, dialect), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_slots_markers_are_nanoseconds_and_quoted_texts_in_SQL_and_times_elsewhere()
    {
        var slot = new JobSlot(new(2026, 1, 5, 14, 0, 0, TimeSpan.Zero), new(2026, 1, 5, 15, 0, 0, TimeSpan.Zero));

        Assert.Equal(
            "1767621600000000000 1767625200000000000 '2026-01-05' '14' '20260105T140000Z' {other}",
            SlotText.InSql("{slot.from} {slot.to} {slot.dt} {slot.hour} {slot} {other}", slot));
        Assert.Equal("2026-01-05T14:00:00Z 2026-01-05T15:00:00Z 2026-01-05 14 20260105T140000Z", SlotText.InText("{slot.from} {slot.to} {slot.dt} {slot.hour} {slot}", slot));
    }

    [Theory]
    [InlineData("name", "\"Bars\"", "name: it is 1 to 63 small letters, digits and dashes")]
    [InlineData("schedule", "\"61 * * * *\"", "schedule: '61 * * * *'")]
    [InlineData("schedule", "\"0 0 31 2 *\"", "schedule: '0 0 31 2 *': there is no such time")]
    [InlineData("schedule", "null", "schedule: it is a text in quotes; it is null")]
    [InlineData("timeZone", "\"Mars/Olympus\"", "timeZone: there is no time zone 'Mars/Olympus'")]
    [InlineData("delay", "\"soon\"", "delay: it is a length of time such as 30s, 5m, 1h or 2d; it is 'soon'")]
    [InlineData("query", "\"bars\"", "sql: a job has one source")]
    [InlineData("sql", "\"select {slot.begin}\"", "sql: there is no marker {slot.begin}")]
    [InlineData("parameters", "{\"a\":\"b\"}", "parameters: it is an object of the parameters of a query")]
    [InlineData("report", "\"weather\"", "report: there is no report 'weather'; there are costs, quality")]
    [InlineData("table", "\"trades\"", "table: trades is a table of the lake itself")]
    [InlineData("table", "\"jobs\"", "table: jobs is a table of the lake itself")]
    [InlineData("table", "\"runs\"", "table: runs is a table of the lake itself")]
    [InlineData("file", "\"reports/{slot}.csv\"", "table: a job has one target")]
    [InlineData("partition", "[\"week\"]", "partition: it is an array of dt, hour, slot")]
    [InlineData("partition", "[\"dt\"]", "partition: the slots 2026-01-01T00:00:00Z and 2026-01-01T01:00:00Z would both be dt=2026-01-01")]
    [InlineData("partition", "[\"hour\"]", "partition: the slots 2026-01-01T00:00:00Z and 2026-01-02T00:00:00Z would both be hour=00")]
    [InlineData("format", "\"csv\"", "format: a table's objects are Parquet")]
    [InlineData("overlap", "\"maybe\"", "overlap: it is one of wait, skip, parallel; it is 'maybe'")]
    [InlineData("catchUp", "\"some\"", "catchUp: it is one of all, latest, none; it is 'some'")]
    [InlineData("attempts", "0", "attempts: it is a whole number from 1 to 100; it is 0")]
    [InlineData("timeout", "\"0s\"", "timeout: it is more than 0")]
    [InlineData("start", "\"yesterday\"", "start: it is a date or time of UTC")]
    [InlineData("retries", "3", "retries: there is no such field")]
    public void What_is_wrong_with_a_field_is_told_by_file_job_and_field(string field, string value, string error)
    {
        var job = JsonNode.Parse("""{ "name": "hourly", "schedule": "0 * * * *", "sql": "select 1 as n", "table": "hourly", "partition": ["dt", "hour"] }""")!;
        job[field] = JsonNode.Parse(value);
        var file = new JsonObject { ["jobs"] = new JsonArray(job) }.ToJsonString();

        var errors = Assert.Throws<JobFileException>(() => JobFile.Parse("my/jobs.json", file, Reports)).Errors;

        var name = field == "name" ? "Bars" : "hourly";
        Assert.Contains(errors, line => line.StartsWith($"my/jobs.json: job {name}: {error}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("trades/{slot}.csv", "file: it is a path below the lake")]
    [InlineData("../{slot}.csv", "file: it is a path below the lake")]
    [InlineData("_log/{slot}.csv", "file: it is a path below the lake")]
    [InlineData("reports/all.csv", "file: the slots 2026-01-01T00:00:00Z and 2026-01-01T01:00:00Z would both be reports/all.csv")]
    [InlineData("reports/{slot}.txt", "format: it is csv or json")]
    public void A_file_lies_where_nothing_else_does(string path, string error)
    {
        var file = JsonSerializer.Serialize(new { jobs = new[] { new { name = "hourly", schedule = "0 * * * *", sql = "select 1 as n", file = path } } });

        Assert.Contains(Assert.Throws<JobFileException>(() => JobFile.Parse("jobs.json", file, Reports)).Errors, line => line.StartsWith($"jobs.json: job hourly: {error}", StringComparison.Ordinal));
    }

    [Fact]
    public void All_errors_of_a_file_are_told_at_once_and_a_table_has_one_job()
    {
        const string Two = """
            { "jobs": [ // both
              { "name": "a", "schedule": "0 * * * *", "sql": ["select 1 as n", "from trades"], "table": "t", "partition": ["dt", "hour"] },
              { "name": "b", "schedule": "0 * * * *", "sql": "select 1 as n", "table": "t", "partition": ["dt", "hour"], },
              { "name": "a", "schedule": "0 0 * * *", "report": "costs", "file": "reports/{slot}.json" },
              { "name": "c", "schedule": "x", "sql": "select 1 as n", "table": "c", "partition": ["week"] },
            ] }
            """;

        var errors = Assert.Throws<JobFileException>(() => JobFile.Parse("jobs.json", Two, Reports)).Errors;

        Assert.Contains("jobs.json: job b: table: t is the table of job a already; a table has one job.", errors);
        Assert.Contains("jobs.json: job a: name: 2 jobs have it; give each one of its own.", errors);
        Assert.Contains(errors, error => error.StartsWith("jobs.json: job c: schedule:", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.StartsWith("jobs.json: job c: partition:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{", "jobs.json:1: it is no valid JSON")]
    [InlineData("[]", "jobs.json: it begins with { \"jobs\": [ … ] }")]
    [InlineData("{ \"jobs\": [ 1 ] }", "jobs.json: job 1: it is an object")]
    public void What_is_no_file_of_jobs_is_told(string json, string error) =>
        Assert.StartsWith(error, Assert.Throws<JobFileException>(() => JobFile.Parse("jobs.json", json, Reports)).Errors[0], StringComparison.Ordinal);
}
