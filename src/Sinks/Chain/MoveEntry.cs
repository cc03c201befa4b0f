using System.Text.Json.Serialization;

namespace StockActors.Sinks.Chain;

/// <summary>
/// A partition is being compacted: what this chain listed in it before is the compaction's input, its rows from here on go to the new
/// location. It stands for no offsets: <paramref name="First"/> and <paramref name="End"/> are both the chain's end.
/// </summary>
/// <param name="N">The entry's number.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Lane">The lane.</param>
/// <param name="First">The chain's end.</param>
/// <param name="End">The same.</param>
/// <param name="Claim">Who put it.</param>
/// <param name="WrittenAt">When, by its clock; nothing follows from it.</param>
/// <param name="Table">The table.</param>
/// <param name="Partition">The partition's path.</param>
/// <param name="Location">The new location, as the plan has it.</param>
internal sealed record MoveEntry(
    [property: JsonPropertyOrder(-2)] long N,
    string Topic,
    int Lane,
    long First,
    long End,
    string Claim,
    DateTimeOffset WrittenAt,
    string Table,
    string Partition,
    string Location) : IChainEntry
{
    public const string KindName = "move";

    [JsonPropertyOrder(-1)]
    public string Kind => KindName;

    /// <summary>The partition that is moved.</summary>
    public TablePartition Of() => new(Table, Partition);
}
