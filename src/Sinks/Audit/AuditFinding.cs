namespace StockActors.Sinks.Audit;

/// <summary>Something that an audit has found.</summary>
/// <param name="Kind">What.</param>
/// <param name="What">In words, with lane, offsets and key.</param>
/// <param name="Lane">The lane; <c>null</c> where it is of none.</param>
/// <param name="First">The first offset concerned.</param>
/// <param name="End">The offset behind the last.</param>
/// <param name="Key">The object concerned.</param>
public sealed record AuditFinding(FindingKind Kind, string What, int? Lane = null, long? First = null, long? End = null, string? Key = null);
