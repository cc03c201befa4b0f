namespace StockActors.Simulator.Facts;

/// <summary>An autocorrelation.</summary>
/// <param name="Lags">The lags, ascending from 1.</param>
/// <param name="Values">The autocorrelation at each.</param>
public sealed record FactCurve(IReadOnlyList<int> Lags, IReadOnlyList<double> Values);
