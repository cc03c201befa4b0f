namespace StockActors.Analytics.Jobs;

/// <summary>Rows about the lake that no query gives.</summary>
public interface IJobReport
{
    /// <summary>What a job calls it by.</summary>
    string Name { get; }

    /// <summary>The columns, always the same.</summary>
    IReadOnlyList<QueryColumn> Columns { get; }

    /// <summary>Makes the rows: a value of its type or <c>null</c> for each column.</summary>
    /// <param name="slot">The slot that they are for.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<IReadOnlyList<object?[]>> MakeAsync(JobSlot slot, CancellationToken cancellation);
}
