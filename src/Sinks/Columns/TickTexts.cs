using StockActors.Market;

namespace StockActors.Sinks.Columns;

/// <summary>How the enumerations stand in the lake; a text's code is the enumeration's value.</summary>
internal static class TickTexts
{
    /// <summary><see cref="TickSource"/>.</summary>
    public static readonly TextTable Sources = new("external", "sim", "replay", "replay_synth");

    /// <summary><see cref="Side"/>.</summary>
    public static readonly TextTable Sides = new("N", "A", "B");

    /// <summary><see cref="AgentClass"/>.</summary>
    public static readonly TextTable Agents = new("", "noise", "value", "momentum", "market_maker", "institution");

    /// <summary><see cref="StatusAction"/>.</summary>
    public static readonly TextTable Actions = new("open", "close", "auction", "halt", "resume");
}
