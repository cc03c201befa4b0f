namespace StockActors.Sinks.Chain;

/// <summary>Where a chain's newest entry was when somebody last looked.</summary>
internal sealed record ChainHint(long N);
