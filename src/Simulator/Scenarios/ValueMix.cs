using System.ComponentModel.DataAnnotations;

namespace StockActors.Simulator.Scenarios;

/// <summary>Traders who know the fundamental value up to an error of their own: they take what is mispriced, and quote about the value else.</summary>
public sealed record ValueMix
{
    /// <summary>How many.</summary>
    [Range(0, 1000)]
    public required int Count { get; init; }

    /// <summary>Their share of all actions.</summary>
    [Range(0, 1)]
    public required double Share { get; init; }

    /// <summary>Standard deviation of a trader's error over a day, in basis points.</summary>
    [Range(0, 1000)]
    public required double ErrorBp { get; init; }

    /// <summary>The mispricing from which on they take, in basis points.</summary>
    [Range(0, 1000)]
    public required double ThresholdBp { get; init; }

    /// <summary>Lots for each threshold of mispricing.</summary>
    [Range(1, 100_000)]
    public required int Lots { get; init; }

    /// <summary>Their largest size, in lots.</summary>
    [Range(1, 100_000)]
    public required int MaxLots { get; init; }
}
