namespace StockActors.Simulator.Scenarios;

/// <summary>Who trades a symbol, and how often anyone does. The classes' shares are of all actions; they need not add up to 1.</summary>
public sealed record TraderMix
{
    /// <summary>When someone acts.</summary>
    public required ArrivalModel Arrivals { get; init; }

    /// <summary>Traders without information.</summary>
    public required NoiseMix Noise { get; init; }

    /// <summary>Traders who know the fundamental value, more or less.</summary>
    public required ValueMix Value { get; init; }

    /// <summary>Traders who follow the trend.</summary>
    public required MomentumMix Momentum { get; init; }

    /// <summary>Market makers.</summary>
    public required MarketMakerMix MarketMakers { get; init; }

    /// <summary>Institutions.</summary>
    public required InstitutionMix Institutions { get; init; }
}
