namespace StockActors.Market;

/// <summary>
/// What a <see cref="TickKind.Run"/> says: all that a symbol's ticks follow from, beside the exchange day on which the run begins, at whose open it is told, and
/// the symbol's <see cref="Intervention"/>s.
/// </summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Scenario">The scenario's name.</param>
/// <param name="Configuration">A scenario of this symbol alone, as JSON: with the seed it makes the same ticks.</param>
public sealed record RunSetup(long Seed, string Scenario, string Configuration);
