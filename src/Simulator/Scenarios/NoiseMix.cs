using System.ComponentModel.DataAnnotations;

namespace StockActors.Simulator.Scenarios;

/// <summary>Traders without information: limit orders about the touch, market orders, cancels.</summary>
public sealed record NoiseMix
{
    /// <summary>How many.</summary>
    [Range(0, 1000)]
    public required int Count { get; init; }

    /// <summary>Their share of all actions.</summary>
    [Range(0, 1)]
    public required double Share { get; init; }

    /// <summary>How many of their actions are cancels.</summary>
    [Range(0, 1)]
    public required double Cancel { get; init; }

    /// <summary>How many of their actions take what stands.</summary>
    [Range(0, 1)]
    public required double Take { get; init; }

    /// <summary>How far from the other side's touch their limit orders are on average, in basis points.</summary>
    [Range(0.01, 1000)]
    public required double DistanceBp { get; init; }

    /// <summary>The tail exponent of their sizes in lots, which are Pareto distributed from 1 on.</summary>
    [Range(0.5, 10)]
    public required double SizeExponent { get; init; }

    /// <summary>Their largest size, in lots.</summary>
    [Range(1, 100_000)]
    public required int MaxLots { get; init; }
}
