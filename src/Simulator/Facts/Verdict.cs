namespace StockActors.Simulator.Facts;

/// <summary>How a fact stands to its gate.</summary>
public enum Verdict
{
    /// <summary>It has no gate, and is told for comparison.</summary>
    Told = 0,

    /// <summary>The whole interval lies within the gate.</summary>
    Holds = 1,

    /// <summary>The estimate lies within the gate, its interval reaches out, or there are too few days for one: more days would tell.</summary>
    Open = 2,

    /// <summary>The estimate lies outside the gate, or cannot be had (a decay exponent of what does not decay from above zero).</summary>
    Fails = 3,
}
