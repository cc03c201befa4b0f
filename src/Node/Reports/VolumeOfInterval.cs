namespace StockActors.Node.Reports;

/// <summary>What all symbols traded in an interval.</summary>
/// <param name="Start">When it begins, in nanoseconds since 1970-01-01 UTC.</param>
/// <param name="Volume">The sum of the sizes.</param>
/// <param name="Turnover">The sum of price × size.</param>
internal sealed record VolumeOfInterval(long Start, long Volume, decimal Turnover);
