namespace StockActors.Market;

/// <summary>A place in a lane: everything before <paramref name="Offset"/> is done.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Lane">The partition.</param>
/// <param name="Offset">The offset of the next record.</param>
public readonly record struct LaneOffset(string Topic, int Lane, long Offset);
