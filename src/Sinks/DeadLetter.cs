namespace StockActors.Sinks;

/// <summary>A record that is no row of the lake.</summary>
/// <param name="Offset">Its offset in the lane; with the lane it tells a repeat.</param>
/// <param name="Key">Its key; empty where it has none.</param>
/// <param name="Value">Its value; <c>null</c> for a tombstone.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record DeadLetter(long Offset, byte[] Key, byte[]? Value, string Reason);
