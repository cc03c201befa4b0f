namespace StockActors.Sinks.Tests.Simulation;

/// <summary>A call that failed as calls may.</summary>
internal sealed class SimulatedFailure() : Exception("the call failed");
