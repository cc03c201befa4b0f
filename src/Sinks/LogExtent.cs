namespace StockActors.Sinks;

/// <summary>What the log says of a lane.</summary>
/// <param name="TopicId">The topic's id, as 32 lower-case hexadecimal digits.</param>
/// <param name="Low">The first offset that is still there.</param>
/// <param name="High">The offset behind the last record; the high watermark.</param>
public readonly record struct LogExtent(string TopicId, long Low, long High);
