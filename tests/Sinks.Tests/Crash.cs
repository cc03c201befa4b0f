namespace StockActors.Sinks.Tests;

/// <summary>The process that called died here, or somewhere before.</summary>
internal sealed class Crash() : Exception("The process is dead.");
