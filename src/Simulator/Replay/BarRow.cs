using StockActors.Market;

namespace StockActors.Simulator.Replay;

/// <summary>A row of a file of bars: a tick, or what is wrong with it.</summary>
/// <param name="Tick">The bar as a tick; has meaning where <paramref name="Bad"/> is <c>null</c>.</param>
/// <param name="Bad">Why the row is no bar.</param>
public readonly record struct BarRow(Tick Tick, BadRow? Bad)
{
    /// <summary>Whether the row is a bar.</summary>
    public bool IsGood => Bad is null;
}
