namespace StockActors.Analytics.Jobs;

/// <summary>A table that a job makes. It is fixed when the job's first result is written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Job">The job whose results are its partitions.</param>
/// <param name="Columns">The columns of its files.</param>
/// <param name="PartitionKeys">The keys of its partitions, outermost first.</param>
public sealed record DerivedTable(string Name, string Job, IReadOnlyList<LakeColumn> Columns, IReadOnlyList<string> PartitionKeys);
