namespace StockActors.Simulator.Scenarios;

/// <summary>A scenario cannot be used; the message names file and field.</summary>
public sealed class ScenarioException(string message) : Exception(message);
