using System.ComponentModel.DataAnnotations;

namespace StockActors.Simulator.Scenarios;

/// <summary>One symbol.</summary>
public sealed record SymbolModel
{
    /// <summary>Its name; <see cref="Market.Symbol.IsValid(string)"/> holds.</summary>
    public required string Symbol { get; init; }

    /// <summary>The price before its first day, a multiple of the tick size.</summary>
    [Range(0.000000001, 499_999_999)]
    public required decimal StartPrice { get; init; }

    /// <summary>The least difference of two prices.</summary>
    public required TickSizes TickSize { get; init; }

    /// <summary>The unit of sizes.</summary>
    [Range(1, 1_000_000)]
    public required int Lot { get; init; }

    /// <summary>The name of its class of volatility.</summary>
    public required string Volatility { get; init; }

    /// <summary>The name of its mix of traders.</summary>
    public required string Traders { get; init; }
}
