using System.ComponentModel.DataAnnotations;

namespace StockActors.Simulator.Scenarios;

/// <summary>How much more happens at the opening and the closing than at midday, falling off exponentially.</summary>
public sealed record SessionModel
{
    /// <summary>Orders at the opening, beside each one at midday.</summary>
    [Range(0, 20)]
    public required double OpenActivity { get; init; }

    /// <summary>Orders at the closing, beside each one at midday.</summary>
    [Range(0, 20)]
    public required double CloseActivity { get; init; }

    /// <summary>Volatility of the fundamental value at the opening, beside that of midday.</summary>
    [Range(0, 20)]
    public required double OpenVolatility { get; init; }

    /// <summary>Volatility of the fundamental value at the closing, beside that of midday.</summary>
    [Range(0, 20)]
    public required double CloseVolatility { get; init; }

    /// <summary>In how many minutes that falls to 1/e.</summary>
    [Range(1, 390)]
    public required double DecayMinutes { get; init; }
}
