using System.ComponentModel.DataAnnotations;

namespace StockActors.Simulator.Scenarios;

/// <summary>Traders who compare a fast and a slow average of the price, and follow the difference.</summary>
public sealed record MomentumMix
{
    /// <summary>How many.</summary>
    [Range(0, 1000)]
    public required int Count { get; init; }

    /// <summary>Their share of all actions.</summary>
    [Range(0, 1)]
    public required double Share { get; init; }

    /// <summary>The shortest horizon of the fast average, in seconds; a trader's is up to four times as long, its slow one five times its fast one.</summary>
    [Range(1, 3600)]
    public required double HorizonSeconds { get; init; }

    /// <summary>The difference from which on they trade, in basis points.</summary>
    [Range(0.01, 1000)]
    public required double ThresholdBp { get; init; }

    /// <summary>Their size, in lots.</summary>
    [Range(1, 100_000)]
    public required int Lots { get; init; }

    /// <summary>The most that one holds or owes, in lots.</summary>
    [Range(1, 1_000_000)]
    public required int MaxPositionLots { get; init; }
}
