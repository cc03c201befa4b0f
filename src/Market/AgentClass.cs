namespace StockActors.Market;

/// <summary>The class of trader behind an order: ground truth of the simulation.</summary>
public enum AgentClass : byte
{
    /// <summary>Not known, as for every tick that is not of our simulation (written as an empty string).</summary>
    Unknown = 0,

    /// <summary>Trades without information (<c>noise</c>).</summary>
    Noise = 1,

    /// <summary>Trades towards a fundamental value (<c>value</c>).</summary>
    Value = 2,

    /// <summary>Trades with the trend (<c>momentum</c>).</summary>
    Momentum = 3,

    /// <summary>Quotes both sides within inventory limits (<c>market_maker</c>).</summary>
    MarketMaker = 4,

    /// <summary>Splits large orders (<c>institution</c>).</summary>
    Institution = 5,
}
