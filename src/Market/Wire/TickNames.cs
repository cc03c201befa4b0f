namespace StockActors.Market.Wire;

/// <summary>The names of a tick's closed choices, as JSON and the lake's tables have them.</summary>
public static class TickNames
{
    internal static readonly string[] Kinds = ["trade", "quote", "status", "bar", "order", "truth", "run"];
    internal static readonly string[] Sources = ["external", "sim", "replay", "replay_synth"];
    internal static readonly string[] Sides = ["N", "A", "B"];
    internal static readonly string[] Agents = ["", "noise", "value", "momentum", "market_maker", "institution"];
    internal static readonly string[] Actions = ["open", "close", "auction", "halt", "resume"];
    internal static readonly string[] OrderActions = ["add", "modify", "cancel", "execute", "clear", "auction", "open"];
    internal static readonly string[] Truths = ["value", "metaorder", "fat-finger", "spoofing", "flash-crash", "feed-gap"];

    /// <summary><c>trade</c>, <c>quote</c>, <c>status</c>, <c>bar</c>, <c>order</c>, <c>truth</c> or <c>run</c>.</summary>
    public static string Of(TickKind kind) => Kinds[(int)kind];

    /// <summary><c>external</c>, <c>sim</c>, <c>replay</c> or <c>replay_synth</c>.</summary>
    public static string Of(TickSource source) => Sources[(int)source];

    /// <summary><c>A</c>, <c>B</c> or <c>N</c>.</summary>
    public static string Of(Side side) => Sides[(int)side];

    /// <summary><c>noise</c>, <c>value</c>, <c>momentum</c>, <c>market_maker</c>, <c>institution</c>, or empty where it is not known.</summary>
    public static string Of(AgentClass agent) => Agents[(int)agent];

    /// <summary><c>open</c>, <c>close</c>, <c>auction</c>, <c>halt</c> or <c>resume</c>.</summary>
    public static string Of(StatusAction action) => Actions[(int)action];

    /// <summary><c>add</c>, <c>modify</c>, <c>cancel</c>, <c>execute</c>, <c>clear</c>, <c>auction</c> or <c>open</c>.</summary>
    public static string Of(OrderAction action) => OrderActions[(int)action];

    /// <summary><c>value</c>, <c>metaorder</c>, <c>fat-finger</c>, <c>spoofing</c>, <c>flash-crash</c> or <c>feed-gap</c>.</summary>
    public static string Of(TruthKind kind) => Truths[(int)kind];

    /// <summary>The place of a text among names, or −1.</summary>
    internal static int IndexOf(string[] names, ReadOnlySpan<byte> utf8)
    {
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i].Length == utf8.Length && System.Text.Ascii.Equals(utf8, names[i]))
                return i;
        }

        return -1;
    }
}
