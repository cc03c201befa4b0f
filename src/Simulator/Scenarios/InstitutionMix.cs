using System.ComponentModel.DataAnnotations;

namespace StockActors.Simulator.Scenarios;

/// <summary>
/// Institutions: they split large orders (metaorders) into children of one sign, whose number is Pareto distributed; so the signs of trades have a long
/// memory, decaying with the exponent minus one (Lillo, Mike and Farmer 2005).
/// </summary>
public sealed record InstitutionMix
{
    /// <summary>How many.</summary>
    [Range(0, 1000)]
    public required int Count { get; init; }

    /// <summary>Their share of all actions.</summary>
    [Range(0, 1)]
    public required double Share { get; init; }

    /// <summary>The tail exponent of the number of children.</summary>
    [Range(1.01, 5)]
    public required double ChildrenExponent { get; init; }

    /// <summary>The least number of children.</summary>
    [Range(1, 100_000)]
    public required int MinChildren { get; init; }

    /// <summary>The largest number of children.</summary>
    [Range(1, 1_000_000)]
    public required int MaxChildren { get; init; }

    /// <summary>A child's size, in lots.</summary>
    [Range(1, 100_000)]
    public required int ChildLots { get; init; }

    /// <summary>How many children take at once; the others wait at the touch first.</summary>
    [Range(0, 1)]
    public required double Take { get; init; }

    /// <summary>How many of its actions an institution is idle for between two metaorders, on average.</summary>
    [Range(0, 100_000)]
    public required double IdleActions { get; init; }
}
