namespace StockActors.Simulator.Scenarios;

/// <summary>A step between prices, and from which price on it holds.</summary>
public sealed record TickSizeBand
{
    /// <summary>The price from which on it holds, itself a multiple of the steps on both sides; 0 in the first band.</summary>
    public required decimal From { get; init; }

    /// <summary>The least difference of two prices there, from 0.000000001 to 1,000,000.</summary>
    public required decimal Step { get; init; }
}
