using System.Text.Json.Serialization;

namespace StockActors.Sinks.Chain;

/// <summary>
/// An operator has accepted that records are not in the lake: those of the offsets it stands for, and those of the objects it names, which
/// belong to the epoch before it and count for nobody, whether they turn up later or not.
/// </summary>
/// <param name="N">The entry's number.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Lane">The lane.</param>
/// <param name="First">The first offset given up; the chain's end.</param>
/// <param name="End">The offset behind the last; equal to <paramref name="First"/> where only objects are lost.</param>
/// <param name="Claim">Who put it.</param>
/// <param name="WrittenAt">When, by its clock; nothing follows from it.</param>
/// <param name="Reason">What the lane had stopped for.</param>
/// <param name="Lost">Keys of the epoch before it that are lost.</param>
internal sealed record SkipEntry(
    [property: JsonPropertyOrder(-2)] long N,
    string Topic,
    int Lane,
    long First,
    long End,
    string Claim,
    DateTimeOffset WrittenAt,
    string Reason,
    IReadOnlyList<string> Lost) : IChainEntry
{
    public const string KindName = "skip";

    [JsonPropertyOrder(-1)]
    public string Kind => KindName;
}
