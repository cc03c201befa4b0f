namespace StockActors.Market;

/// <summary>
/// Which topic records of a kind go to. Those beside the ticks have a topic of their own, <c>&lt;topic&gt;.orders</c>, with the same lanes and keys, and a
/// sequence of their own; they are in the transaction of the ticks that they belong to.
/// </summary>
public static class TickFeeds
{
    /// <summary>The kinds beside the ticks; each is a topic and a table only where a run was asked for it.</summary>
    public static IReadOnlyList<TickKind> Beside { get; } = [.. Enum.GetValues<TickKind>().Where(IsBeside)];

    /// <summary>Whether a kind goes beside the ticks.</summary>
    public static bool IsBeside(TickKind kind) => kind > TickKind.Bar;

    /// <summary>The topic of a kind's records.</summary>
    /// <param name="topic">The topic of the ticks.</param>
    /// <param name="kind">The kind.</param>
    public static string TopicOf(string topic, TickKind kind) => kind switch
    {
        TickKind.Order => $"{topic}.orders",
        _ => topic,
    };
}
