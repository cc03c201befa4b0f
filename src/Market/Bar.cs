namespace StockActors.Market;

/// <summary>A bar that came in as a bar. Prices are in units of 1e-9 (<see cref="Price"/>).</summary>
/// <param name="Open">First price.</param>
/// <param name="High">Highest price, at least every other.</param>
/// <param name="Low">Lowest price, at most every other.</param>
/// <param name="Close">Last price.</param>
/// <param name="AdjClose">Close adjusted for splits and dividends, where the source has it.</param>
/// <param name="Volume">Traded size, where the source has it.</param>
/// <param name="CloseUsd">Close in US dollars, where the source has it.</param>
/// <param name="Interval">The bar's length: a number and <c>s</c>, <c>m</c>, <c>h</c>, <c>d</c>, <c>w</c> or <c>mo</c> (<c>1d</c>, <c>1m</c>).</param>
public sealed record Bar(long Open, long High, long Low, long Close, long? AdjClose, long? Volume, long? CloseUsd, string Interval);
