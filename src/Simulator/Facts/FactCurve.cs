namespace StockActors.Simulator.Facts;

/// <summary>An autocorrelation.</summary>
/// <param name="Lags">The lags, ascending from 1.</param>
/// <param name="Values">The autocorrelation at each.</param>
/// <param name="Fitted">The lags through which its decay is fitted; none where it is not.</param>
public sealed record FactCurve(IReadOnlyList<int> Lags, IReadOnlyList<double> Values, IReadOnlyList<int> Fitted);
