namespace StockActors.Simulator;

/// <summary>A market does not know where it stands and must not guess: it has to be restored from the run's progress.</summary>
public sealed class MarketLostException(string symbol, string reason)
    : InvalidOperationException($"The market of {symbol} does not know where it stands, because {reason}; restore it from the run's progress.")
{
    /// <summary>The symbol.</summary>
    public string Symbol { get; } = symbol;
}
