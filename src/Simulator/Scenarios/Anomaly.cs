using System.ComponentModel.DataAnnotations;

namespace StockActors.Simulator.Scenarios;

/// <summary>Something that goes wrong, and is written down in the truth.</summary>
public sealed record Anomaly
{
    /// <summary>What.</summary>
    public required AnomalyKind Kind { get; init; }

    /// <summary>The symbol, or <c>*</c> for each.</summary>
    public string Symbol { get; init; } = "*";

    /// <summary>The date; absent, every exchange day.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>The earliest time of day, in UTC.</summary>
    public required TimeOnly From { get; init; }

    /// <summary>The latest time of day at which it begins, in UTC; absent, it begins at <see cref="From"/>.</summary>
    public TimeOnly? To { get; init; }

    /// <summary>How likely it is for each symbol and day.</summary>
    [Range(0, 1)]
    public double Probability { get; init; } = 1;

    /// <summary>
    /// In lots: the fat finger's order, each of the spoofing orders, what the seller of a flash crash sells in a second. A feed gap has none.
    /// </summary>
    [Range(0, 10_000_000)]
    public int Lots { get; init; }

    /// <summary>How long it lasts, in seconds; a fat finger takes no time.</summary>
    [Range(0, 3600)]
    public double Seconds { get; init; }
}
