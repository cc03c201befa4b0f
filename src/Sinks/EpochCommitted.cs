using StockActors.Market;

namespace StockActors.Sinks;

/// <summary>An epoch that is in the lake, whole.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Lane">The lane.</param>
/// <param name="N">The number of its chain entry, from 1.</param>
/// <param name="First">Its first offset.</param>
/// <param name="End">The offset behind its last.</param>
/// <param name="Rows">How many rows it has of each kind.</param>
/// <param name="Dead">How many of its records are dead letters.</param>
/// <param name="RecordBytes">Bytes of its records' keys and values.</param>
/// <param name="ObjectBytes">Bytes of its data objects.</param>
/// <param name="Duration">From when it was cut to when it was committed.</param>
public sealed record EpochCommitted(
    string Topic, int Lane, long N, long First, long End, TickCounts Rows, int Dead, long RecordBytes, long ObjectBytes, TimeSpan Duration);
