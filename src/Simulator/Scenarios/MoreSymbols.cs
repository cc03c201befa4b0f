using System.ComponentModel.DataAnnotations;

namespace StockActors.Simulator.Scenarios;

/// <summary>Symbols made by rule: a prefix and a number from 000, prices spread over a range, classes and mixes in turn.</summary>
public sealed record MoreSymbols
{
    /// <summary>What their names begin with.</summary>
    [RegularExpression("^[A-Za-z0-9.^_-]{1,16}$", ErrorMessage = "must be 1 to 16 of the characters a-z, A-Z, 0-9, '.', '^', '_' and '-'")]
    public required string Prefix { get; init; }

    /// <summary>The lowest start price, a multiple of the tick size.</summary>
    [Range(0.000000001, 499_999_999)]
    public required decimal PriceFrom { get; init; }

    /// <summary>The highest start price, exclusive.</summary>
    [Range(0.000000001, 499_999_999)]
    public required decimal PriceTo { get; init; }

    /// <summary>The least difference of two prices.</summary>
    public required TickSizes TickSize { get; init; }

    /// <summary>The unit of sizes.</summary>
    [Range(1, 1_000_000)]
    public required int Lot { get; init; }

    /// <summary>Names of classes of volatility, taken in turn.</summary>
    [Length(1, 100)]
    public required IReadOnlyList<string> Volatility { get; init; }

    /// <summary>Names of mixes of traders, taken in turn.</summary>
    [Length(1, 100)]
    public required IReadOnlyList<string> Traders { get; init; }
}
