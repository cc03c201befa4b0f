using System.Text.Json.Serialization;

namespace StockActors.Sinks.Chain;

/// <summary>An epoch: the claim on a range of offsets, and all that its data objects follow from.</summary>
/// <param name="N">The entry's number.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Lane">The lane.</param>
/// <param name="First">The first offset.</param>
/// <param name="End">The offset behind the last.</param>
/// <param name="LeaderEpoch">The epoch of the partition's leader at the last record; −1 where it is not known.</param>
/// <param name="Claim">Who put it.</param>
/// <param name="WrittenAt">When, by the claimer's clock; nothing follows from it.</param>
/// <param name="Decoder">The version of the rules that make a row from a record (<see cref="LakeVersions.Decoder"/>).</param>
/// <param name="Schema">The version of the tables' columns (<see cref="LakeVersions.Schema"/>).</param>
/// <param name="Horizon">The latest event time that a foreign producer may claim, in nanoseconds since 1970-01-01 UTC.</param>
/// <param name="Dead">How many records are dead letters.</param>
/// <param name="Objects">The data objects.</param>
internal sealed record EpochEntry(
    [property: JsonPropertyOrder(-2)] long N,
    string Topic,
    int Lane,
    long First,
    long End,
    int LeaderEpoch,
    string Claim,
    DateTimeOffset WrittenAt,
    int Decoder,
    int Schema,
    long Horizon,
    int Dead,
    IReadOnlyList<ChainObject> Objects) : IChainEntry
{
    public const string KindName = "epoch";

    [JsonPropertyOrder(-1)]
    public string Kind => KindName;
}
