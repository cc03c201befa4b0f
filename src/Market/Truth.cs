namespace StockActors.Market;

/// <summary>
/// What a <see cref="TickKind.Truth"/> says: what was really so in a simulated market and no tick tells. It is told when it is over (its event time; what the
/// close cuts short is over with it), and follows from the day alone, as the ticks do. Whoever wants to know what a query finds asks this.
/// </summary>
/// <param name="Kind">What it tells.</param>
/// <param name="Began">When it began, in nanoseconds since 1970-01-01 UTC; of a value, the minute.</param>
/// <param name="Side"><see cref="Side.Bid"/> bought, <see cref="Side.Ask"/> sold; <see cref="Side.None"/> where it was neither, or both in turn.</param>
/// <param name="Price">In units of 1e-9: the value; of all else the average price of what was executed, <c>null</c> where nothing was.</param>
/// <param name="Size">What was to be traded; of spoofing, the sum of what was shown; <c>null</c> of a value and a feed gap.</param>
/// <param name="Filled">What was executed; <c>null</c> of a value and a feed gap.</param>
/// <param name="Events">How many orders it took; of a feed gap, how many ticks were not published; <c>null</c> of a value.</param>
public sealed record Truth(TruthKind Kind, long Began, Side Side, long? Price, long? Size, long? Filled, long? Events);
