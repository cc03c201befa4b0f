namespace StockActors.Market;

/// <summary>
/// Which records go together. The feeds beside the ticks have a topic of their own each, with the same lanes and keys, and a sequence of their own; they
/// are in the transaction of the ticks that they belong to.
/// </summary>
public static class TickFeeds
{
    /// <summary>All of them, the ticks first.</summary>
    public static IReadOnlyList<TickFeed> All { get; } = Enum.GetValues<TickFeed>();

    /// <summary>Those beside the ticks; each is a topic only where a run was asked for it, and its tables are only where there are rows.</summary>
    public static IReadOnlyList<TickFeed> Beside { get; } = [.. All.Where(feed => feed != TickFeed.Ticks)];

    /// <summary>The feed of a kind's records.</summary>
    public static TickFeed Of(TickKind kind) => kind switch
    {
        <= TickKind.Bar => TickFeed.Ticks,
        TickKind.Order => TickFeed.Orders,
        _ => TickFeed.Truth,
    };

    /// <summary>Whether a kind goes beside the ticks.</summary>
    public static bool IsBeside(TickKind kind) => Of(kind) != TickFeed.Ticks;

    /// <summary>The topic of a feed.</summary>
    /// <param name="topic">The topic of the ticks.</param>
    /// <param name="feed">The feed.</param>
    public static string TopicOf(string topic, TickFeed feed) => feed switch
    {
        TickFeed.Orders => $"{topic}.orders",
        TickFeed.Truth => $"{topic}.truth",
        _ => topic,
    };
}
