using System.ComponentModel.DataAnnotations;

namespace StockActors.Simulator.Scenarios;

/// <summary>How a symbol's fundamental value moves, and within which bands its price may.</summary>
public sealed record VolatilityClass
{
    /// <summary>Standard deviation of the value's own return over a day's session, in percent; the factor's comes on top.</summary>
    [Range(0, 50)]
    public required double DailyPercent { get; init; }

    /// <summary>Standard deviation of its own return overnight, in percent.</summary>
    [Range(0, 50)]
    public required double OvernightPercent { get; init; }

    /// <summary>How much of the factor's return it takes over.</summary>
    [Range(-5, 5)]
    public required double Beta { get; init; }

    /// <summary>Jumps of its own a day, on average.</summary>
    [Range(0, 1000)]
    public required double JumpsPerDay { get; init; }

    /// <summary>Standard deviation of a jump, in percent.</summary>
    [Range(0, 50)]
    public required double JumpPercent { get; init; }

    /// <summary>In how many days half of its distance from the start price is gone.</summary>
    [Range(0.5, 10_000)]
    public required double HalfLifeDays { get; init; }

    /// <summary>How far from the five-minute average the price may go before trading is halted, in percent: 5 for large symbols, 10 for others.</summary>
    [Range(0.1, 90)]
    public required double BandPercent { get; init; }
}
