using StockActors.Market;
using StockActors.Market.Wire;

namespace StockActors.Sinks.Columns;

/// <summary>How the enumerations stand in the lake: as on the wire. A text's code is the enumeration's value.</summary>
internal static class TickTexts
{
    /// <summary><see cref="TickSource"/>.</summary>
    public static readonly TextTable Sources = Of<TickSource>(TickNames.Of);

    /// <summary><see cref="Side"/>.</summary>
    public static readonly TextTable Sides = Of<Side>(TickNames.Of);

    /// <summary><see cref="AgentClass"/>.</summary>
    public static readonly TextTable Agents = Of<AgentClass>(TickNames.Of);

    /// <summary><see cref="StatusAction"/>.</summary>
    public static readonly TextTable Actions = Of<StatusAction>(TickNames.Of);

    /// <summary><see cref="OrderAction"/>.</summary>
    public static readonly TextTable OrderActions = Of<OrderAction>(TickNames.Of);

    /// <summary><see cref="TruthKind"/>.</summary>
    public static readonly TextTable Truths = Of<TruthKind>(TickNames.Of);

    private static TextTable Of<T>(Func<T, string> name)
        where T : struct, Enum => new([.. Enum.GetValues<T>().Select(name)]);
}
