namespace StockActors.Analytics.Jobs;

/// <summary>Makes the rows of a slot.</summary>
public interface IJobSource
{
    /// <summary>Begins to make them.</summary>
    /// <returns>The rows; whoever gets them disposes of them.</returns>
    /// <exception cref="JobException">The job can't be run as it is configured.</exception>
    /// <exception cref="QueryException">The engine refuses the query.</exception>
    Task<IQueryResult> BeginAsync(JobDefinition job, JobSlot slot, CancellationToken cancellation);
}
