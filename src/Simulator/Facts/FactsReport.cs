namespace StockActors.Simulator.Facts;

/// <summary>The stylized facts of a sample.</summary>
/// <param name="Days">How many trading days it has; those of several runs count apart.</param>
/// <param name="SymbolDays">How many days of symbols.</param>
/// <param name="Facts">The facts, in the order of the table.</param>
/// <param name="Returns">The autocorrelation of 1-minute returns, lags in minutes.</param>
/// <param name="AbsoluteReturns">That of their absolute values, without the pattern of the day.</param>
/// <param name="Signs">That of the signs of market orders, lags in orders.</param>
/// <param name="Standardized">All 1-minute returns, each over the standard deviation of its symbol in its run.</param>
public sealed record FactsReport(
    int Days,
    int SymbolDays,
    IReadOnlyList<Fact> Facts,
    FactCurve Returns,
    FactCurve AbsoluteReturns,
    FactCurve Signs,
    IReadOnlyList<double> Standardized);
