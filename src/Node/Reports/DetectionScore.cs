namespace StockActors.Node.Reports;

/// <summary>How well a query of the library finds what a simulation injected.</summary>
/// <param name="Kind">What: <c>fat-finger</c>, <c>spoofing</c>.</param>
/// <param name="Injected">How many there were.</param>
/// <param name="Found">How many of them it found.</param>
/// <param name="FalseAlarms">How many of its findings are none.</param>
/// <param name="Precision">The part of its findings that are none of those; <c>null</c> without findings.</param>
/// <param name="Recall">The part that it found; <c>null</c> where nothing was injected.</param>
internal sealed record DetectionScore(string Kind, long Injected, long Found, long FalseAlarms, decimal? Precision, decimal? Recall);
