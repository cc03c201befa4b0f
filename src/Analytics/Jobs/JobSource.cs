namespace StockActors.Analytics.Jobs;

/// <summary>Makes the rows of jobs: by SQL, by queries of the library, and by reports.</summary>
/// <param name="engine">Answers SQL; it stays its owner's.</param>
/// <param name="reports">The reports.</param>
public sealed class JobSource(IQueryEngine engine, IReadOnlyList<IJobReport> reports) : IJobSource
{
    /// <inheritdoc/>
    public async Task<IQueryResult> BeginAsync(JobDefinition job, JobSlot slot, CancellationToken cancellation)
    {
        if (job.Report is null)
            return await engine.ExecuteAsync(SqlOf(job, slot, engine.Dialect), cancellation);
        var report = reports.FirstOrDefault(report => report.Name == job.Report)
            ?? throw new JobException($"Job {job.Name}: there is no report '{job.Report}'; there are {string.Join(", ", reports.Select(report => report.Name))}.");
        return new ReportResult(report.Columns, await report.MakeAsync(slot, cancellation));
    }

    /// <summary>The statement of a slot of a job.</summary>
    /// <exception cref="JobException">The job names a query that there is not, or gives it what it does not take.</exception>
    public static string SqlOf(JobDefinition job, JobSlot slot, SqlDialect dialect)
    {
        if (job.Sql is { } sql)
            return SlotText.InSql(sql, slot);
        try
        {
            return QueryLibrary.Shipped.Find(job.Query!).Bind(dialect, job.Parameters.ToDictionary(parameter => parameter.Key, parameter => SlotText.InText(parameter.Value, slot)));
        }
        catch (QueryException e)
        {
            throw new JobException($"Job {job.Name}: {e.Message}", e);
        }
    }
}
