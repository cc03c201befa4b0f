using System.Text.Json.Serialization;

namespace StockActors.Simulator.Scenarios;

/// <summary>What goes wrong.</summary>
public enum AnomalyKind
{
    /// <summary>One market order that is far too large (<c>fat-finger</c>).</summary>
    [JsonStringEnumMemberName("fat-finger")]
    FatFinger,

    /// <summary>Large orders near the touch that are taken away before they trade, while their owner trades on the other side (<c>spoofing</c>).</summary>
    [JsonStringEnumMemberName("spoofing")]
    Spoofing,

    /// <summary>A seller who does not look at the price, while the market makers stand aside (<c>flash-crash</c>).</summary>
    [JsonStringEnumMemberName("flash-crash")]
    FlashCrash,

    /// <summary>The market goes on, and its ticks are not published: trade ids are missing, sequences are not (<c>feed-gap</c>).</summary>
    [JsonStringEnumMemberName("feed-gap")]
    FeedGap,
}
