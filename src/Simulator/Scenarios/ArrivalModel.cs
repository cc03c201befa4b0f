using System.ComponentModel.DataAnnotations;

namespace StockActors.Simulator.Scenarios;

/// <summary>
/// When someone acts: a self-exciting process (Hawkes 1971), whose kernel is a sum of exponentials of equal weight, near a power law over their time
/// scales. Of every action, <see cref="Branching"/> others follow on average: near 1 it is nearly critical.
/// </summary>
public sealed record ArrivalModel
{
    /// <summary>Actions a second at midday, on average.</summary>
    [Range(0.01, 10_000)]
    public required double PerSecond { get; init; }

    /// <summary>How many actions follow from one.</summary>
    [Range(0, 0.98)]
    public required double Branching { get; init; }

    /// <summary>The kernel's time scales, in seconds.</summary>
    [Length(1, 6)]
    public required IReadOnlyList<double> TimeScalesSeconds { get; init; }

    /// <summary>By which power of volatility the actions from outside go.</summary>
    [Range(0, 3)]
    public required double VolatilityExponent { get; init; }
}
