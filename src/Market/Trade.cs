namespace StockActors.Market;

/// <summary>What a <see cref="TickKind.Trade"/> says beside the book before it.</summary>
/// <param name="Price">In units of 1e-9 (<see cref="Market.Price"/>).</param>
/// <param name="Size">Traded size, more than 0.</param>
/// <param name="Side">The aggressor's side.</param>
/// <param name="TradeId">From 1 per (run, symbol); <c>null</c> where a foreign producer has none.</param>
/// <param name="Aggressor">Who took; <see cref="AgentClass.Unknown"/> outside a simulation.</param>
/// <param name="Resting">Who stood; <see cref="AgentClass.Unknown"/> outside a simulation.</param>
public readonly record struct Trade(long Price, long Size, Side Side, long? TradeId, AgentClass Aggressor, AgentClass Resting);
