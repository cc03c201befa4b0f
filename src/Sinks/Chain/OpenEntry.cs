using System.Text.Json.Serialization;

namespace StockActors.Sinks.Chain;

/// <summary>Entry 0: where the chain starts.</summary>
/// <param name="N">0.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Lane">The lane.</param>
/// <param name="First">The offset that it starts at.</param>
/// <param name="End">The same.</param>
/// <param name="Claim">Who put it.</param>
/// <param name="WrittenAt">When, by its clock; nothing follows from it.</param>
/// <param name="OfOneLife">Whether the log is new at every start, as an embedded broker's is: another topic of the name is no surprise then.</param>
internal sealed record OpenEntry(
    [property: JsonPropertyOrder(-2)] long N,
    string Topic,
    int Lane,
    long First,
    long End,
    string Claim,
    DateTimeOffset WrittenAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool OfOneLife = false) : IChainEntry
{
    public const string KindName = "open";

    [JsonPropertyOrder(-1)]
    public string Kind => KindName;
}
