using System.ComponentModel.DataAnnotations;

namespace StockActors.Simulator.Scenarios;

/// <summary>Market makers: they quote both sides about what they take the value to be, lean against what they hold, and stop at a limit.</summary>
public sealed record MarketMakerMix
{
    /// <summary>How many.</summary>
    [Range(0, 1000)]
    public required int Count { get; init; }

    /// <summary>Their share of all actions.</summary>
    [Range(0, 1)]
    public required double Share { get; init; }

    /// <summary>Levels on each side.</summary>
    [Range(1, 16)]
    public required int Levels { get; init; }

    /// <summary>Half of the spread that they quote when volatility is average, in basis points.</summary>
    [Range(0.01, 1000)]
    public required double HalfSpreadBp { get; init; }

    /// <summary>The distance of their levels, in basis points.</summary>
    [Range(0.01, 1000)]
    public required double LevelGapBp { get; init; }

    /// <summary>The size of their orders at the best level, in lots; further ones are larger by as much each.</summary>
    [Range(1, 100_000)]
    public required int Lots { get; init; }

    /// <summary>The most that one holds or owes, in lots.</summary>
    [Range(1, 1_000_000)]
    public required int MaxPositionLots { get; init; }

    /// <summary>How far they lean at that limit, in half spreads.</summary>
    [Range(0, 100)]
    public required double Skew { get; init; }

    /// <summary>How much of what they take for the value is the fundamental value, from 0 to 1; the rest is the book's.</summary>
    [Range(0, 1)]
    public required double Information { get; init; }
}
