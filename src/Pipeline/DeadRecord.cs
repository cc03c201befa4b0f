namespace StockActors.Pipeline;

/// <summary>A record of a topic's dead-letter topic.</summary>
/// <param name="Lane">The partition it came from, and lies in.</param>
/// <param name="Offset">Its offset in the topic that it came from; −1 where its headers do not say.</param>
/// <param name="DeadOffset">Its offset in the dead-letter topic.</param>
/// <param name="At">When it was written there.</param>
/// <param name="Reason">Why it is there.</param>
/// <param name="Key">Its key; <c>null</c> where it has none.</param>
/// <param name="Value">Its value; <c>null</c> for a tombstone.</param>
public sealed record DeadRecord(int Lane, long Offset, long DeadOffset, DateTimeOffset At, string Reason, byte[]? Key, byte[]? Value);
