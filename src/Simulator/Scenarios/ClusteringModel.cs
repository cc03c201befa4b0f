using System.ComponentModel.DataAnnotations;

namespace StockActors.Simulator.Scenarios;

/// <summary>
/// Volatility is a product of components, each of which takes one of two values, e^±step, for a random time: short for the first, <see cref="Ratio"/>
/// times longer on average for each next one. So it clusters on all scales between the first and the last (Calvet and Fisher 2004).
/// </summary>
public sealed record ClusteringModel
{
    /// <summary>How far each component raises or lowers the logarithm of volatility.</summary>
    [Range(0, 1)]
    public required double Step { get; init; }

    /// <summary>Components that all symbols share.</summary>
    [Range(0, 16)]
    public required int MarketComponents { get; init; }

    /// <summary>Components that each symbol has of its own.</summary>
    [Range(0, 16)]
    public required int OwnComponents { get; init; }

    /// <summary>How long the first component keeps its value on average, in seconds.</summary>
    [Range(1, 23_400)]
    public required double FastestSeconds { get; init; }

    /// <summary>How much longer each next one does.</summary>
    [Range(1.1, 100)]
    public required double Ratio { get; init; }
}
