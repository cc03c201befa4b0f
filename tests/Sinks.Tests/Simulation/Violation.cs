namespace StockActors.Sinks.Tests.Simulation;

/// <summary>What must never happen has happened.</summary>
internal sealed class Violation(string what) : Exception(what);
