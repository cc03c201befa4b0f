using System.ComponentModel.DataAnnotations;

namespace StockActors.Simulator.Scenarios;

/// <summary>A market-wide factor: what of it a symbol takes over is its class's <see cref="VolatilityClass.Beta"/>.</summary>
public sealed record FactorModel
{
    /// <summary>Standard deviation of its return over a day's session, in percent.</summary>
    [Range(0, 50)]
    public required double DailyPercent { get; init; }

    /// <summary>Standard deviation of its return overnight, in percent.</summary>
    [Range(0, 50)]
    public required double OvernightPercent { get; init; }

    /// <summary>Jumps a day, on average.</summary>
    [Range(0, 1000)]
    public required double JumpsPerDay { get; init; }

    /// <summary>Standard deviation of a jump, in percent.</summary>
    [Range(0, 50)]
    public required double JumpPercent { get; init; }

    /// <summary>What it gains or loses in a day beside, in percent.</summary>
    [Range(-50, 50)]
    public double DriftPercent { get; init; }
}
