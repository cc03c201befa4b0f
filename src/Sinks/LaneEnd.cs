namespace StockActors.Sinks;

/// <summary>How far one lane of one topic is in the lake.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="TopicId">Its id; a topic that was deleted and created again has another.</param>
/// <param name="Lane">The lane.</param>
/// <param name="End">Every record before this offset is a row or a dead letter.</param>
public sealed record LaneEnd(string Topic, string TopicId, int Lane, long End);
