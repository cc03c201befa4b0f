using StockActors.Market;

namespace StockActors.Sinks.Tests;

/// <summary>A record of the test's log; <see cref="Tick"/> is what it says, <c>null</c> where it is to be a dead letter.</summary>
internal sealed record TestRecord(long Offset, byte[] Key, byte[]? Value, Tick? Tick);
