using System.Text.Json.Serialization;

namespace StockActors.Sinks.Chain;

/// <summary>Entry 0: where the chain starts. <paramref name="First"/> and <paramref name="End"/> are both that offset.</summary>
internal sealed record OpenEntry(
    [property: JsonPropertyOrder(-2)] long N,
    string Topic,
    int Lane,
    long First,
    long End,
    string Claim,
    DateTimeOffset WrittenAt) : IChainEntry
{
    public const string KindName = "open";

    [JsonPropertyOrder(-1)]
    public string Kind => KindName;
}
