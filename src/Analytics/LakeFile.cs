namespace StockActors.Analytics;

/// <summary>A committed Parquet file.</summary>
/// <param name="Path">
/// Where it is, absolute, or will be once it is held. Its folders name its partition as Hive does, <c>…/dt=2026-01-05/hour=14/…</c>, and no folder above
/// them has the name of a column or a partition key of the table before an equals sign.
/// </param>
/// <param name="PartitionValues">Its value for each of <see cref="LakeTable.PartitionKeys"/>, in their order.</param>
/// <param name="Rows">How many rows it has, where that is known: a file of none is never opened.</param>
/// <param name="Bytes">Its size; 0 where that is not known.</param>
public sealed record LakeFile(string Path, IReadOnlyList<string> PartitionValues, long? Rows = null, long Bytes = 0);
